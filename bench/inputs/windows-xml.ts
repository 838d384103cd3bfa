interface Row {
  readonly Computer: string;
  readonly EventData: string;
  readonly EventID: number;
  readonly EventLevel: number;
  readonly EventLog: string;
  readonly Source: string;
  readonly TimeGenerated: string;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');

/** The raw Windows event that a row of the `Event` table was made of, as agents send it that forward the XML. */
export function windowsXml(row: Buffer, record: number): Buffer {
  const event = JSON.parse(row.toString()) as Row;
  const data = /<EventData[\s\S]*<\/EventData>/.exec(event.EventData)?.[0] ?? '<EventData/>';
  // The namespace stands on the Event element.
  const payload = data.replace(/^<EventData[^>]*>/, (tag) => (tag.endsWith('/>') ? '<EventData/>' : '<EventData>'));
  return Buffer.from(
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${attribute(event.Source)}' Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/>` +
      `<EventID>${event.EventID}</EventID><Version>5</Version><Level>${event.EventLevel}</Level><Task>${event.EventID}</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords>` +
      `<TimeCreated SystemTime='${event.TimeGenerated}'/><EventRecordID>${record}</EventRecordID><Correlation/><Execution ProcessID='3140' ThreadID='4236'/>` +
      `<Channel>${attribute(event.EventLog)}</Channel><Computer>${attribute(event.Computer)}</Computer><Security UserID='S-1-5-18'/></System>${payload}</Event>`,
  );
}

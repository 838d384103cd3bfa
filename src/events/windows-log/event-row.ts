import { escapeAttribute, escapeText } from '../xml';
import { levelName } from './levels';
import { inManifestOrder, isSysmon } from './sysmon-fields';

export const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

/** What an event says beside its system fields. */
export interface Payload {
  /** The data element as XML, with its namespace. */
  readonly xml: string;
  /** The values alone, as ParameterXml has them; '' where there are none, or no `Data` elements. */
  readonly parameters: string;
}

/** A Windows event as any shipper tells it. `time` is in the form of `normalizeTime`. */
export interface WindowsEvent {
  provider: string;
  channel: string;
  computer: string;
  eventId: number;
  level: number;
  task?: number | undefined;
  time: string;
  userName: string;
  message?: string | undefined;
  data: Payload;
}

// Log Analytics puts the agent's id there; a stream that no agent carried has none.
const NO_HEALTH_SERVICE = '00000000-0000-0000-0000-000000000000';

/**
 * The row of the `Event` table that Log Analytics would hold for a Windows event.
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/event
 * What only the agent or the workspace knows (ids of workspace, group and resource) is left out.
 */
export function eventRow(event: WindowsEvent): Record<string, unknown> {
  const row: Record<string, unknown> = {
    TimeGenerated: event.time,
    Type: 'Event',
    SourceSystem: 'OpsManager',
    Source: event.provider,
    EventLog: event.channel,
    Computer: event.computer,
    EventID: event.eventId,
    EventLevel: event.level,
    EventLevelName: levelName(event.level),
    EventCategory: event.task ?? (isSysmon(event.provider) ? event.eventId : 0),
    UserName: event.userName,
    EventData: `<DataItem Type="System.XmlData" time="${event.time}" sourceHealthServiceId="${NO_HEALTH_SERVICE}">${event.data.xml}</DataItem>`,
  };
  if (event.data.parameters !== '') row.ParameterXml = event.data.parameters;
  if (event.message !== undefined && event.message !== '') row.RenderedDescription = event.message;
  return row;
}

/** One value of an event as ParameterXml has it; `text` is escaped already. */
export const parameter = (text: string): string => `<Param>${text}</Param>`;

/**
 * The payload of values in the order given; a value without a name is one without the attribute.
 * @param binary hexadecimal digits of what stands behind the values
 */
export function eventData(
  values: Iterable<readonly [name: string | undefined, value: string]>,
  escapeValue = escapeText,
  binary?: string,
): Payload {
  let data = '';
  let parameters = '';
  for (const [name, value] of values) {
    const text = escapeValue(value);
    data += `<Data${name === undefined ? '' : ` Name="${escapeAttribute(name)}"`}>${text}</Data>`;
    parameters += parameter(text);
  }
  if (binary !== undefined) data += `<Binary>${escapeText(binary)}</Binary>`;
  return { xml: `<EventData xmlns="${EVENT_NAMESPACE}">${data}</EventData>`, parameters };
}

/** `eventData` of named values whose order is lost: Sysmon's is restored from its manifest, others keep the one given. */
export function unorderedEventData(
  provider: string,
  eventId: number,
  values: ReadonlyMap<string, string>,
  escapeValue = escapeText,
): Payload {
  return eventData(isSysmon(provider) ? inManifestOrder(eventId, values) : values, escapeValue);
}

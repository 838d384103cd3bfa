import { gzipSync } from 'node:zlib';
import { decode } from '../../src/events/decode';
import { decodeText, readSample } from './sample';

const EVENT = readSample('windows-event.xml').toString();
const reasons = (result: ReturnType<typeof decode>) => result.rejected.map(({ reason }) => reason);
const eventWith = (data: string) => EVENT.replace(/<EventData>.*<\/EventData>/s, data);
const dataOf = (text: string) =>
  /^<DataItem [^>]*>(.*)<\/DataItem>$/s.exec(String(decodeText(text).records[0]?.fields.EventData))?.[1];
const NS = 'http://schemas.microsoft.com/win/2004/08/events/event';

describe('Windows event XML', () => {
  it.each([
    ['an empty value', "<EventData><Data Name='A'/></EventData>", '<Data Name="A"></Data>'],
    ['a value without a name', '<EventData><Data>x</Data></EventData>', '<Data>x</Data>'],
    ['blanks in values', "<EventData><Data Name='A'> x  </Data></EventData>", '<Data Name="A"> x  </Data>'],
    [
      'line ends in values',
      "<EventData>\r\n  <Data Name='A'>x\r\ny\nz</Data>\r\n</EventData>",
      '<Data Name="A">x\r\ny\nz</Data>',
    ],
    [
      'quotes, which Windows leaves',
      `<EventData><Data Name='A'>"a" &quot;b&quot; 'c' &apos;</Data></EventData>`,
      `<Data Name="A">"a" "b" 'c' '</Data>`,
    ],
    [
      'the escapes of Windows',
      "<EventData><Data Name='A'>&lt;b&gt; &amp;amp;</Data></EventData>",
      '<Data Name="A">&lt;b&gt; &amp;amp;</Data>',
    ],
    [
      'character references',
      "<EventData><Data Name='A'>&#65;&#x42;&#x1F600;&#60;</Data></EventData>",
      '<Data Name="A">AB😀&lt;</Data>',
    ],
    [
      'CDATA',
      "<EventData><Data Name='A'><![CDATA[<x> & y]]></Data></EventData>",
      '<Data Name="A">&lt;x&gt; &amp; y</Data>',
    ],
    [
      'names that JavaScript knows',
      "<EventData><Data Name='__proto__'>1</Data><Data Name='constructor'>2</Data></EventData>",
      '<Data Name="__proto__">1</Data><Data Name="constructor">2</Data>',
    ],
    [
      'binary data',
      '<EventData><Data>x</Data><Binary>0A0B</Binary></EventData>',
      '<Data>x</Data><Binary>0A0B</Binary>',
    ],
  ])('keeps %s', (_name, data, expected) => {
    expect(dataOf(eventWith(data))).toBe(`<EventData xmlns="${NS}">${expected}</EventData>`);
  });

  it('keeps UserData with its own namespaces', () => {
    const data =
      "<UserData><LogFileCleared xmlns='http://manifests.microsoft.com/win/2004/08/windows/eventlog'><SubjectUserName>bob</SubjectUserName></LogFileCleared></UserData>";
    expect(dataOf(eventWith(data))).toBe(
      `<UserData xmlns="${NS}"><LogFileCleared xmlns="http://manifests.microsoft.com/win/2004/08/windows/eventlog"><SubjectUserName>bob</SubjectUserName></LogFileCleared></UserData>`,
    );
  });

  it('has an empty EventData where the event has no data', () => {
    expect(dataOf(eventWith(''))).toBe(`<EventData xmlns="${NS}"></EventData>`);
  });

  it.each([
    ["<Security UserID='S-1-5-19'/>", 'NT AUTHORITY\\LOCAL SERVICE'],
    ["<Security UserID='S-1-5-21-1-2-3-1000'/>", 'S-1-5-21-1-2-3-1000'],
    ['<Security/>', 'N/A'],
  ])('names the user of %s', (security, user) => {
    expect(decodeText(EVENT.replace(/<Security[^>]*>/, security)).records[0]!.fields.UserName).toBe(user);
  });

  it('reads EventID with qualifiers, and levels other than Information', () => {
    const text = EVENT.replace('<EventID>1<', "<EventID Qualifiers='16384'>7036<").replace('<Level>4<', '<Level>2<');
    expect(decodeText(text).records[0]!.fields).toMatchObject({
      EventID: 7036,
      EventLevel: 2,
      EventLevelName: 'Error',
    });
  });

  it('reads several events, the malformed among them costing only itself', () => {
    const result = decodeText(`${EVENT}\r\n${EVENT.replace('</System>', '')}\n${EVENT}`);
    expect(result.records.map(({ index }) => index)).toEqual([0, 2]);
    expect(result.rejected).toMatchObject([
      { index: 1, reason: 'invalid-xml', raw: expect.stringMatching(/^<Event /) },
    ]);
  });

  it.each([
    ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>${EVENT.replace('CORP', '&b;')}`],
    ['a DTD from elsewhere', `<!DOCTYPE Event SYSTEM "file:///etc/passwd">${EVENT}`],
    ['an entity of no declaration', EVENT.replace('CORP', '&xxe;')],
    ['a reference to no character', EVENT.replace('CORP', '&#xD800;')],
    ['an event that does not end', EVENT.slice(0, -20)],
    ['a tag that does not end', '<Event'],
    ['elements nested without end', `<Event>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</Event>`],
    ['events nested without end', '<Event>'.repeat(3000)],
    ['an element called __proto__', '<Event><__proto__><x/></__proto__></Event>'],
    ['no EventID', EVENT.replace('<EventID>1</EventID>', '')],
  ])('rejects %s', (_name, text) => {
    const result = decodeText(text);
    expect(result.records).toEqual([]);
    expect(reasons(result)).toEqual(['invalid-xml']);
  });

  it('rejects an event without a time', () => {
    expect(reasons(decodeText(EVENT.replace(/<TimeCreated[^>]*>/, '')))).toEqual(['no-time']);
  });
});

describe('gzip', () => {
  it('bounds what a small body can become', () => {
    const bomb = gzipSync(Buffer.alloc(2_000_000, 0x20));
    expect(reasons(decode({ body: bomb }, { maxInflatedBytes: 1_000_000 }))).toEqual(['too-large']);
    expect(reasons(decode({ body: bomb }))).toEqual(['empty']);
  });

  it('rejects a damaged one', () => {
    const body = gzipSync(EVENT);
    expect(reasons(decode({ body: body.subarray(0, body.length - 12) }))).toEqual(['inflate-failed']);
  });
});

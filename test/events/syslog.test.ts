import { decode } from '../../src/events/decode';
import { splitPrefixed } from '../../src/events/syslog';

const JSON_EVENT = '{"Type":"T","TimeGenerated":"2026-03-14T14:31:07Z","x":"{"}';
const body = (text: string) => decode({ body: Buffer.from(text) });

describe('syslog', () => {
  it.each([
    ['RFC 5424 without data', `<14>1 2026-03-14T14:31:08Z h app 1 - - ${JSON_EVENT}`],
    ['RFC 5424 with data', `<14>1 2026-03-14T14:31:08Z h app 1 ID [a@1 b="{\\"]"][c@2] ${JSON_EVENT}`],
    ['RFC 3164', `<134>Mar 14 14:31:08 h app[12]: ${JSON_EVENT}`],
    ['with an octet count', `104 <14>1 2026-03-14T14:31:08Z h app 1 - - ${JSON_EVENT}`],
    ['without a time', `<13>h: ${JSON_EVENT}`],
  ])('%s', (_name, text) => {
    for (const end of ['', '\n', '\r\n']) {
      const { records, rejected } = body(text + end);
      expect(rejected).toEqual([]);
      expect(records).toMatchObject([{ table: 'T', fields: { x: '{' } }]);
    }
  });

  it('has a message a line; a bad one costs the others nothing', () => {
    const header = '<14>1 2026-03-14T14:31:08Z h app 1 - - ';
    const { records, rejected } = body(
      [`${header}${JSON_EVENT}`, `${header}hello`, `${header}{"x":`, `${header}${JSON_EVENT}`].join('\n'),
    );
    expect(records.map(({ index }) => index)).toEqual([0, 3]);
    expect(rejected.map(({ index, reason, raw }) => [index, reason, raw])).toEqual([
      [1, 'unknown-shape', `${header}hello`],
      [2, 'invalid-json', `${header}{"x":`],
    ]);
  });

  it('is not taken for the XML of Windows, nor that for it', () => {
    expect(splitPrefixed('<Event><System/></Event>', 10)).toBeUndefined();
    expect(splitPrefixed('<1234>x', 10)).toBeUndefined();
    expect(splitPrefixed(JSON_EVENT, 10)).toBeUndefined();
  });

  it('bounds what it looks for in headers that never end', () => {
    for (const part of ['[a b="', '[a ', 'a ', '[', '\\"', '"\\', '<14>', '<14>1 ', '\n<14>'])
      expect(body(`<14>1 ${part.repeat(100_000)}`).records).toEqual([]);
  });
});

import { addMessageValues, messageValues } from '../../../src/events/windows-log/sysmon-message';

const LINES = [
  'RuleName: -',
  'UtcTime: 2026-03-14 14:31:07.101',
  'ProcessGuid: {1}',
  'ProcessId: 9948',
  'Image: C:\\a.exe',
  'FileVersion: 1',
  'Description: D',
  'Product: P',
  'Company: C',
  'OriginalFileName: a.exe',
  'CommandLine: a: b',
  'CurrentDirectory: C:\\',
  'User: A\\b',
  'LogonGuid: {2}',
  'LogonId: 0xA112F',
  'TerminalSessionId: 0',
  'IntegrityLevel: High',
  'Hashes: MD5=1',
  'ParentProcessGuid: {3}',
  'ParentProcessId: 832',
  'ParentImage: C:\\p.exe',
  'ParentCommandLine: ',
  'ParentUser: %23',
];
const message = (lines = LINES, end = '\r\n') => ['Process Create:', ...lines].join(end);

describe("Sysmon's rendered message", () => {
  it.each(['\n', '\r\n'])('tells every field, integers as the event writes them (%j)', (end) => {
    const values = messageValues(1, message(LINES, end) + end);
    expect(values.size).toBe(22);
    expect(values.get('CommandLine')).toBe('a: b');
    expect(values.get('LogonId')).toBe('0xa112f');
    expect(values.get('ParentCommandLine')).toBe('');
    expect(values.has('ParentUser')).toBe(false);
  });

  it('of older manifests', () => {
    const old = LINES.filter((line) => !/^(?:OriginalFileName|ParentUser)/.test(line));
    expect(messageValues(1, message(old)).get('ParentImage')).toBe('C:\\p.exe');
  });

  it('is believed no further than its first free text where a value may have forged lines', () => {
    const forged = LINES.map((line) =>
      line.startsWith('FileVersion') ? 'FileVersion: 1\r\nDescription: evil\r\nUser: NT AUTHORITY\\SYSTEM' : line,
    );
    expect([...messageValues(1, message(forged)).keys()]).toEqual([
      'RuleName',
      'UtcTime',
      'ProcessGuid',
      'ProcessId',
      'Image',
    ]);
  });

  it('in another language, or of another event, tells nothing', () => {
    expect(messageValues(1, 'Prozess erstellt:\nRegel: -').size).toBe(0);
    expect(messageValues(4, message()).size).toBe(0);
    expect(messageValues(9999, message()).size).toBe(0);
    expect(messageValues(1, '').size).toBe(0);
  });

  it('adds what is missing, and no field of a manifest that the event does not show', () => {
    const values = new Map([
      ['Image', 'given'],
      ['CommandLine', 'x'],
    ]);
    addMessageValues(1, values, message(LINES.map((line) => line.replace('%23', 'forged'))));
    expect([values.get('Image'), values.get('ProcessId'), values.has('ParentUser')]).toEqual(['given', '9948', false]);
  });
});

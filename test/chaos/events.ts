import type { Random } from '../support/random';

const data = (name: string, value: string): string => `<Data Name="${name}">${value}</Data>`;

/** Fields of a Sysmon event, from few choices: groups are to meet. */
export function randomFields(random: Random): Record<string, unknown> {
  const isDcom = random.chance(20);
  return {
    EventLog: 'Microsoft-Windows-Sysmon/Operational',
    Source: random.pick(['Microsoft-Windows-Sysmon', 'beat']),
    EventID: isDcom ? 1 : random.pick([1, 1, 1, 3]),
    Computer: random.pick(['h1', 'h2', 'h3.example.com']),
    EventData: isDcom
      ? [
          data('ProcessGuid', random.pick(['{1}', '{2}'])),
          data('Image', 'mmc.exe'),
          data('Description', 'd'),
          data('CommandLine', 'C:\\Windows\\System32\\mmc.exe -Embedding'),
          data('CurrentDirectory', 'c'),
          data('User', 'u'),
          data('LogonGuid', 'l'),
          data('ParentProcessGuid', 'p'),
          data('ParentImage', 'i'),
          data('ParentCommandLine', 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch'),
          data('ParentUser', 'pu'),
        ].join('')
      : random.pick(['a', 'b', '<Data Name="x">1</Data>']),
  };
}

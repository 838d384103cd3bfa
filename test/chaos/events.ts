import type { Random } from '../support/random';

const data = (name: string, value: string): string => `<Data Name="${name}">${value}</Data>`;

const LARGE = 'x'.repeat(800_000);

/** Fields of a Sysmon event, from few choices: groups are to meet. `isLarge`: some are so large that few fit into an entity; `isWide`: of many computers. */
export function randomFields(random: Random, isLarge = false, isWide = false): Record<string, unknown> {
  const isDcom = random.chance(20);
  const texts = isLarge ? ['a', LARGE, LARGE.slice(0, 300_000)] : ['a', 'b', '<Data Name="x">1</Data>'];
  return {
    EventLog: 'Microsoft-Windows-Sysmon/Operational',
    Source: random.pick(['Microsoft-Windows-Sysmon', 'beat']),
    EventID: isDcom ? 1 : random.pick([1, 1, 1, 3]),
    Computer: isWide ? `h${random.below(20)}` : random.pick(['h1', 'h2', 'h3.example.com']),
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
      : random.pick(texts),
  };
}

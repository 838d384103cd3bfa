import { type RuleText, ruleText } from './made-rules';

const SYSMON = (id: string): string =>
  `Event | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational' and EventID ${id.startsWith('in') ? id : `== ${id}`}`;
const FIELDS = (...names: string[]): string =>
  `| parse EventData with ${names.map((name) => `* '<Data Name="${name}">' ${name} '</Data>'`).join(' ')} *`;
const XML = `| extend Data = parse_xml(EventData).DataItem.EventData.Data
  | mv-apply Item = Data on (summarize Bag = make_bag(bag_pack(tostring(Item['@Name']), Item['#text'])))`;
const list = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ');

interface OwnRule {
  readonly name: string;
  readonly query: string;
}

/** Rules of the kinds that catalogues for Sysmon hold: a few conditions, cut-out fields, lists, counts, joins. */
const CATALOGUE: readonly OwnRule[] = [
  {
    name: 'Encoded command of PowerShell',
    query: `${SYSMON('1')} ${FIELDS('Image', 'CommandLine', 'User')}
      | where Image endswith 'powershell.exe' and CommandLine matches regex @'(?i)-e(nc|ncodedcommand)?\\s+[A-Za-z0-9+/=]{40,}'
      | summarize StartTime = min(TimeGenerated), Commands = make_set(CommandLine, 20) by Computer, User`,
  },
  {
    name: 'Discovery of a network from a shell',
    query: `${SYSMON('1')} ${FIELDS('CommandLine', 'User', 'ParentImage')}
      | where CommandLine has_any ('ipconfig', 'net view', 'nltest', 'whoami', 'quser', 'arp -a')
      | summarize Count = count(), Commands = make_set(CommandLine, 50) by Computer, User, bin(TimeGenerated, 10m) | where Count >= 2`,
  },
  {
    name: 'Office starts a script host',
    query: `${SYSMON('1')} ${FIELDS('Image', 'CommandLine', 'ParentImage')}
      | where ParentImage has_any ('winword.exe', 'excel.exe', 'outlook.exe') and Image has_any ('wscript.exe', 'cscript.exe', 'mshta.exe', 'powershell.exe')
      | project TimeGenerated, Computer, Image, CommandLine, ParentImage`,
  },
  {
    name: 'Access to the memory of LSASS',
    query: `${SYSMON('10')} ${FIELDS('SourceImage', 'TargetImage', 'GrantedAccess', 'CallTrace')}
      | where TargetImage endswith 'lsass.exe' and GrantedAccess in~ ('0x1010', '0x1410', '0x1438', '0x143a', '0x1fffff')
      | where CallTrace has_any ('dbghelp.dll', 'dbgcore.dll', 'UNKNOWN')
      | summarize Count = count() by Computer, SourceImage, GrantedAccess`,
  },
  {
    name: 'Volume of process access by source',
    query: `${SYSMON('10')} ${FIELDS('SourceImage', 'TargetImage')}
      | summarize Targets = dcount(TargetImage), Count = count() by Computer, SourceImage | where Targets > 1000`,
  },
  {
    name: 'Library from a folder that users write to',
    query: `${SYSMON('7')} ${FIELDS('Image', 'ImageLoaded', 'Signed')}
      | where ImageLoaded matches regex @'(?i)\\\\(users\\\\public|appdata|temp|programdata)\\\\[^\\\\]+\\.dll' and Signed =~ 'false'
      | summarize Count = count() by Computer, Image, ImageLoaded`,
  },
  {
    name: 'Scheduled task library in an unusual process',
    query: `${SYSMON('7')} ${FIELDS('Image', 'ImageLoaded')}
      | where ImageLoaded endswith 'taskschd.dll' and Image !endswith 'svchost.exe' and Image !endswith 'taskhostw.exe'
      | summarize Hosts = dcount(Computer), Count = count() by Image | where Hosts < 3`,
  },
  {
    name: 'Run key set',
    query: `${SYSMON('in (12, 13, 14)')} ${FIELDS('EventType', 'Image', 'TargetObject')}
      | where TargetObject has_any (@'CurrentVersion\\Run', @'CurrentVersion\\RunOnce', @'Winlogon\\Shell') and EventType =~ 'SetValue'
      | summarize Keys = make_set(TargetObject, 100) by Computer, Image`,
  },
  {
    name: 'Service settings changed',
    query: `${SYSMON('13')} ${FIELDS('Image', 'TargetObject', 'Details')}
      | where TargetObject has @'\\Services\\' and TargetObject endswith 'ImagePath'
      | extend Service = extract(@'\\\\Services\\\\([^\\\\]+)', 1, TargetObject)
      | summarize Values = make_set(Details, 20) by Computer, Service`,
  },
  {
    name: 'Beaconing',
    query: `${SYSMON('3')} ${FIELDS('Image', 'DestinationIp', 'DestinationPort')}
      | where not(ipv4_is_private(DestinationIp))
      | summarize Count = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by Computer, Image, DestinationIp
      | extend Every = (Last - First) / Count | where Count > 200 and Every < 1m`,
  },
  {
    name: 'Service ports from a user program',
    query: `${SYSMON('3')} ${FIELDS('Image', 'DestinationIp', 'DestinationPort')}
      | where DestinationPort in ('88', '135', '389', '445', '5985') and Image has_any ('rundll32', 'powershell', 'cmd.exe', 'regsvr32')
      | summarize Ports = make_set(DestinationPort) by Computer, Image, DestinationIp`,
  },
  {
    name: 'Names of algorithmic domains',
    query: `${SYSMON('22')} ${FIELDS('QueryName', 'Image')}
      | extend Label = tostring(split(QueryName, '.')[0]) | where strlen(Label) > 20 and Label matches regex @'[0-9]{4,}'
      | summarize Names = dcount(QueryName) by Computer, Image | where Names > 3`,
  },
  {
    name: 'Executable dropped',
    query: `${SYSMON('11')} ${FIELDS('Image', 'TargetFilename')}
      | where TargetFilename matches regex @'(?i)\\.(exe|dll|scr|ps1|vbs|hta|js)$' and TargetFilename has_any ('Downloads', 'Temp', 'Public')
      | summarize Files = make_set(TargetFilename, 50), Count = count() by Computer, Image`,
  },
  {
    name: 'Many files deleted',
    query: `${SYSMON('in (23, 26)')} ${FIELDS('User', 'Image', 'TargetFilename')}
      | summarize Deleted = dcount(TargetFilename) by Computer, User, Image, bin(TimeGenerated, 5m) | where Deleted > 100`,
  },
  {
    name: 'Named pipe of a tool',
    query: `${SYSMON('in (17, 18)')} ${XML}
      | extend PipeName = tostring(Bag.PipeName), Image = tostring(Bag.Image)
      | where PipeName has_any ('psexesvc', 'paexec', 'remcom', 'csexec', 'msagent_') | project TimeGenerated, Computer, Image, PipeName`,
  },
  {
    name: 'Process that ends at once',
    query: `let Started = ${SYSMON('1')} ${FIELDS('ProcessGuid', 'Image')} | where Image has_any ('cmd.exe', 'powershell.exe') | project Begin = TimeGenerated, Computer, ProcessGuid, Image;
      let Ended = ${SYSMON('5')} ${FIELDS('ProcessGuid')} | project End = TimeGenerated, Computer, ProcessGuid;
      Started | join kind=inner Ended on Computer, ProcessGuid | where End - Begin < 1s
      | summarize Count = count() by Computer, Image | where Count > 50`,
  },
];

/** A baseline: every event of a table is counted. */
const VOLUME: OwnRule = {
  name: 'Volume of events by host',
  query: `Event | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational'
      | summarize Count = count(), Users = dcount(UserName) by Computer, EventID | where Count > 1000000`,
};

const TOOLS = [
  'mimikatz',
  'rubeus',
  'sharphound',
  'psexec',
  'procdump',
  'adfind',
  'nanodump',
  'seatbelt',
  'ligolo',
  'chisel',
];
const BINARIES = [
  'mshta',
  'rundll32',
  'regsvr32',
  'certutil',
  'bitsadmin',
  'wmic',
  'msbuild',
  'installutil',
  'cmstp',
  'odbcconf',
];

/** More of them, with other texts: the kinds that vary most between rules of a catalogue. */
const variant = (number: number): OwnRule => {
  const tool = TOOLS[number % TOOLS.length]!;
  const binary = BINARIES[(number * 3) % BINARIES.length]!;
  const near = [1, 2, 3].map((step) => TOOLS[(number + step) % TOOLS.length]!);
  const queries = [
    `${SYSMON('1')} ${FIELDS('Image', 'CommandLine', 'ParentImage')}
      | where CommandLine has_any (${list([tool, ...near])}) or Image endswith @'\\${tool}${number}.exe'
      | summarize Count = count(), Parents = make_set(ParentImage, 10) by Computer, Image, CommandLine`,
    `${SYSMON('1')} ${XML}
      | extend Image = tostring(Bag.Image), CommandLine = tostring(Bag.CommandLine), OriginalFileName = tostring(Bag.OriginalFileName)
      | where OriginalFileName =~ '${binary}.exe' and Image !endswith @'\\${binary}.exe' and CommandLine !has 'inventory-${number}'
      | project TimeGenerated, Computer, Image, CommandLine`,
    `${SYSMON('10')} ${FIELDS('SourceImage', 'TargetImage', 'GrantedAccess')}
      | where TargetImage has '${near[0]}' or (SourceImage has '${tool}' and GrantedAccess == '0x${(number * 4099).toString(16)}')
      | summarize Count = count() by Computer, SourceImage, TargetImage`,
    `${SYSMON('in (12, 13)')} ${FIELDS('Image', 'TargetObject')}
      | where TargetObject contains @'\\Software\\${tool}${number}' or TargetObject has_all ('${near[1]}', 'CurrentVersion')
      | summarize Keys = make_set(TargetObject, 50) by Computer, Image`,
    `${SYSMON('7')} ${FIELDS('Image', 'ImageLoaded', 'Hashes')}
      | where Hashes has '${String(number).padStart(8, '0')}DEADBEEF' or (Image endswith '${binary}.exe' and ImageLoaded has '${near[2]}')
      | summarize Count = count() by Computer, Image, ImageLoaded`,
    `${SYSMON('11')} ${FIELDS('Image', 'TargetFilename')}
      | where TargetFilename matches regex @'(?i)\\\\${tool}[-_]?${number}[.](exe|zip|7z)$' or TargetFilename endswith '.${binary}.dmp'
      | summarize Files = make_set(TargetFilename, 50) by Computer, Image`,
    `${SYSMON('3')} ${FIELDS('Image', 'DestinationIp', 'DestinationHostname')}
      | where DestinationHostname endswith '${tool}${number}.example.net' or DestinationIp in ('198.51.100.${number}', '198.51.100.${(number * 7) % 255}')
      | summarize Count = count() by Computer, Image, DestinationIp`,
    `Event | where Source == 'Microsoft-Windows-Sysmon' and RenderedDescription has_any (${list([`${tool}${number}`, `${binary} /${tool}`])})
      | summarize Count = count() by Computer, EventID`,
  ];
  return { name: `${tool} ${binary} ${number}`, query: queries[number % queries.length]! };
};

/** The first of `count` are all of different kinds. */
export const ownRules = (count: number): RuleText[] =>
  Array.from({ length: count }, (_, i) => {
    const { name, query } = CATALOGUE[i] ?? (i === CATALOGUE.length ? VOLUME : variant(i));
    return ruleText(10_000 + i, name, query);
  });

/** Programs that people and machines start on an ordinary day. `{user}` is the account's name without its domain. */
export interface Program {
  image: string;
  commandLines: readonly string[];
  description: string;
  company: string;
  parent: string;
  asSystem?: true;
  weight: number;
}

const MICROSOFT = 'Microsoft Corporation';

export const PROGRAMS: readonly Program[] = [
  {
    image: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    commandLines: [
      '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=renderer --lang=en-US --renderer-client-id=21',
      '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=utility --utility-sub-type=network.mojom.NetworkService',
      '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" "https://intranet.corp.example.com/search?q=travel&page=2"',
    ],
    description: 'Google Chrome',
    company: 'Google LLC',
    parent: 'explorer.exe',
    weight: 8,
  },
  {
    image: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE',
    commandLines: ['"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE" /recycle'],
    description: 'Microsoft Outlook',
    company: MICROSOFT,
    parent: 'explorer.exe',
    weight: 3,
  },
  {
    image: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE',
    commandLines: [
      '"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE" "C:\\Users\\{user}\\Documents\\Q3 costs & plan.xlsx"',
      '"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE" "\\\\fs01\\finance\\invoices.xlsx"',
    ],
    description: 'Microsoft Excel',
    company: MICROSOFT,
    parent: 'explorer.exe',
    weight: 3,
  },
  {
    image: 'C:\\Windows\\System32\\conhost.exe',
    commandLines: ['\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1'],
    description: 'Console Window Host',
    company: MICROSOFT,
    parent: 'services.exe',
    asSystem: true,
    weight: 5,
  },
  {
    image: 'C:\\Windows\\System32\\svchost.exe',
    commandLines: [
      'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s BITS',
      'C:\\Windows\\system32\\svchost.exe -k wsappx -p -s AppXSvc',
      'C:\\Windows\\system32\\svchost.exe -k LocalServiceNetworkRestricted -p -s Dhcp',
    ],
    description: 'Host Process for Windows Services',
    company: MICROSOFT,
    parent: 'services.exe',
    asSystem: true,
    weight: 8,
  },
  {
    image: 'C:\\Windows\\System32\\cmd.exe',
    commandLines: [
      'C:\\Windows\\system32\\cmd.exe /c ipconfig /all > C:\\Windows\\Temp\\net.txt',
      '"C:\\Windows\\system32\\cmd.exe" ',
    ],
    description: 'Windows Command Processor',
    company: MICROSOFT,
    parent: 'explorer.exe',
    weight: 4,
  },
  {
    image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    commandLines: [
      'powershell.exe -NoProfile -ExecutionPolicy RemoteSigned -File "C:\\Program Files\\Inventory\\collect.ps1"',
      'powershell.exe -NoProfile -Command "Get-Service | Where-Object {$_.Status -eq \'Running\'}"',
    ],
    description: 'Windows PowerShell',
    company: MICROSOFT,
    parent: 'services.exe',
    asSystem: true,
    weight: 4,
  },
  {
    image: 'C:\\Windows\\System32\\taskhostw.exe',
    commandLines: ['taskhostw.exe SYSTEM', 'taskhostw.exe -RegisterDevice -ProtectionStateChanged'],
    description: 'Host Process for Windows Tasks',
    company: MICROSOFT,
    parent: 'services.exe',
    asSystem: true,
    weight: 4,
  },
  {
    image: 'C:\\Windows\\System32\\notepad.exe',
    commandLines: ['"C:\\Windows\\system32\\NOTEPAD.EXE" C:\\Users\\{user}\\Desktop\\todo.txt'],
    description: 'Notepad',
    company: MICROSOFT,
    parent: 'explorer.exe',
    weight: 2,
  },
];

export const MODULES: readonly (readonly [path: string, description: string])[] = [
  ['C:\\Windows\\System32\\ntdll.dll', 'NT Layer DLL'],
  ['C:\\Windows\\System32\\kernel32.dll', 'Windows NT BASE API Client DLL'],
  ['C:\\Windows\\System32\\amsi.dll', 'Anti-Malware Scan Interface'],
  ['C:\\Windows\\System32\\wbem\\wbemprox.dll', 'WMI'],
  ['C:\\Windows\\System32\\taskschd.dll', 'Task Scheduler COM API'],
  ['C:\\Windows\\System32\\mscoree.dll', 'Microsoft .NET Runtime Execution Engine'],
];

export const DOMAINS: readonly string[] = [
  'login.microsoftonline.com',
  'outlook.office365.com',
  'ctldl.windowsupdate.com',
  'intranet.corp.example.com',
  'dc01.corp.example.com',
  'clients2.google.com',
];

export const REGISTRY: readonly (readonly [key: string, value: string])[] = [
  [
    'HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\S-1-5-18\\SequenceNumber',
    'DWORD (0x0000001a)',
  ],
  [
    'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Diagnostics\\DiagTrack\\LastRun',
    'QWORD (0x01d9ff51-0x3c1f2a40)',
  ],
  [
    'HKU\\S-1-5-21-1004336348-1177238915-682003330-1107\\SOFTWARE\\Microsoft\\Office\\16.0\\Excel\\File MRU\\Item 1',
    '[F00000000]*C:\\Costs <draft>.xlsx',
  ],
  ['HKLM\\System\\CurrentControlSet\\Services\\W32Time\\Config\\Status\\LastGoodSampleInfo', 'Binary Data'],
];

export const FILES: readonly string[] = [
  'C:\\Users\\{user}\\AppData\\Local\\Temp\\~DF5A1C.tmp',
  'C:\\Users\\{user}\\Downloads\\minutes.docx',
  'C:\\Windows\\Prefetch\\CHROME.EXE-5349D2D7.pf',
  'C:\\Windows\\SoftwareDistribution\\Download\\Install\\am_delta.exe',
  'C:\\Users\\{user}\\AppData\\Roaming\\Microsoft\\Windows\\Recent\\plan.lnk',
];

import type { Random } from './random';

/** A running process as Sysmon identifies it. */
export interface Process {
  guid: string;
  id: number;
  image: string;
  commandLine: string;
  user: string;
  description: string;
  /** Version information of Windows' own programs differs from that of others. */
  product: string;
  company: string;
}

export interface Host {
  /** Fully qualified for members of the domain, the bare name for others. */
  computer: string;
  address: string;
  users: readonly string[];
  /** Sysmon 13.30 and later: the events have ParentUser, SourceUser … */
  hasUserFields: boolean;
  /** Windows 10 1809 and Server 2019 or later start the DCOM launcher with `-p`. */
  dcomLaunch: string;
  windows: string;
  machineGuid: string;
  healthService: string;
  running: Process[];
  nextProcess: number;
}

const SYSTEM = 'NT AUTHORITY\\SYSTEM';
const DCOM = 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch';

interface HostPlan {
  computer: string;
  users: readonly string[];
  windows: string;
  old?: true;
}

const PLANS: readonly HostPlan[] = [
  { computer: 'WS01.corp.example.com', users: ['CORP\\anna.berg', 'CORP\\helpdesk2'], windows: '10.0.19041.3636' },
  { computer: 'WS02.corp.example.com', users: ['CORP\\jonas.keller'], windows: '10.0.19041.3636' },
  { computer: 'WS03.corp.example.com', users: ['CORP\\maria.rossi'], windows: '10.0.22621.2506' },
  { computer: 'WS04.corp.example.com', users: ['CORP\\li.wei', 'CORP\\helpdesk1'], windows: '10.0.22621.2506' },
  { computer: 'WS05.corp.example.com', users: ['CORP\\tom.hughes'], windows: '10.0.14393.6452' },
  { computer: 'FS01.corp.example.com', users: ['CORP\\svc-backup', 'CORP\\adm.novak'], windows: '10.0.14393.6452' },
  { computer: 'SQL01.corp.example.com', users: ['CORP\\svc-sql', 'CORP\\adm.novak'], windows: '10.0.20348.2031' },
  { computer: 'DC01.corp.example.com', users: ['CORP\\adm.novak'], windows: '10.0.17763.4974' },
  { computer: 'LAB-PC7', users: ['LAB-PC7\\operator'], windows: '6.1.7601.24384', old: true },
];

const BOOT: readonly (readonly [image: string, commandLine: string, description: string])[] = [
  ['C:\\Windows\\System32\\services.exe', 'C:\\Windows\\system32\\services.exe', 'Services and Controller app'],
  ['C:\\Windows\\System32\\lsass.exe', 'C:\\Windows\\system32\\lsass.exe', 'Local Security Authority Process'],
  [
    'C:\\Windows\\System32\\svchost.exe',
    'C:\\Windows\\system32\\svchost.exe -k netsvcs -p',
    'Host Process for Windows Services',
  ],
];

export const processGuid = (host: Host, time: number, number: number): string =>
  `{${host.machineGuid}-${(Math.floor(time / 1000) >>> 0).toString(16).replace(/^(.{4})/, '$1-')}-${number.toString(16).padStart(4, '0')}-000000000900}`;

/** The estate, each host with the processes that run from boot and a desktop for each user. */
export function createHosts(random: Random, start: number): Host[] {
  return PLANS.map(({ computer, users, windows, old }, number) => {
    const host: Host = {
      computer,
      users,
      windows,
      address: `10.20.${number < 5 ? 4 : 1}.${10 + number}`,
      hasUserFields: old === undefined,
      dcomLaunch: DCOM + (/^10\.0\.(?:17763|19041|2)/.test(windows) ? ' -p' : ''),
      machineGuid: random.hex(8),
      healthService: random.guid(),
      running: [],
      nextProcess: 0x40,
    };
    const boot = start - random.int(3, 90) * 3_600_000;
    const windowsProgram = { product: 'Microsoft® Windows® Operating System', company: 'Microsoft Corporation' };
    const add = (image: string, commandLine: string, description: string, user: string) => {
      host.nextProcess += random.int(1, 9);
      const guid = processGuid(host, boot, host.nextProcess);
      host.running.push({ guid, id: host.nextProcess * 4, image, commandLine, user, description, ...windowsProgram });
    };
    for (const [image, commandLine, description] of BOOT) add(image, commandLine, description, SYSTEM);
    add('C:\\Windows\\System32\\svchost.exe', host.dcomLaunch, 'Host Process for Windows Services', SYSTEM);
    for (const user of users) add('C:\\Windows\\explorer.exe', 'C:\\Windows\\Explorer.EXE', 'Windows Explorer', user);
    return host;
  });
}

export const parentNamed = (host: Host, ending: string): Process =>
  host.running.find((process) => process.image.toLowerCase().endsWith(ending.toLowerCase())) ?? host.running[0]!;

import { type Host, type Process, parentNamed, processGuid } from './hosts';
import { DOMAINS, FILES, MODULES, PROGRAMS, REGISTRY } from './programs';
import type { Random } from './random';
import { utcTime } from './row';

export type Fields = readonly (readonly [name: string, value: string])[];
export interface SampleEvent {
  eventId: number;
  data: Fields;
}

const NAMES = (user: string): string => user.split('\\')[1] ?? user;

/** Starts a process on a host: its event 1, by the layout of the host's Sysmon, and the process among those that run. */
export function startProcess(
  random: Random,
  host: Host,
  time: number,
  parent: Process,
  program: Omit<Process, 'guid' | 'id'>,
): SampleEvent {
  host.nextProcess += random.int(1, 6);
  const process: Process = {
    ...program,
    guid: processGuid(host, time, host.nextProcess),
    id: random.int(300, 3500) * 4,
  };
  host.running.push(process);
  const fileName = process.image.slice(process.image.lastIndexOf('\\') + 1);
  const isSystem = process.user.startsWith('NT AUTHORITY');
  const data: [string, string][] = [
    ['RuleName', '-'],
    ['UtcTime', utcTime(time)],
    ['ProcessGuid', process.guid],
    ['ProcessId', String(process.id)],
    ['Image', process.image],
    ['FileVersion', `${host.windows} (WinBuild.160101.0800)`],
    ['Description', process.description],
    ['Product', process.product],
    ['Company', process.company],
  ];
  if (host.hasUserFields) data.push(['OriginalFileName', fileName]);
  data.push(
    ['CommandLine', process.commandLine],
    ['CurrentDirectory', isSystem ? 'C:\\Windows\\system32\\' : `C:\\Users\\${NAMES(process.user)}\\`],
    ['User', process.user],
    ['LogonGuid', processGuid(host, time - 3_600_000, 2)],
    ['LogonId', isSystem ? '0x3e7' : `0x${random.hex(5)}`],
    ['TerminalSessionId', isSystem ? '0' : '1'],
    ['IntegrityLevel', isSystem ? 'System' : 'Medium'],
    ['Hashes', `SHA256=${random.hex(64).toUpperCase()},IMPHASH=${random.hex(32).toUpperCase()}`],
    ['ParentProcessGuid', parent.guid],
    ['ParentProcessId', String(parent.id)],
    ['ParentImage', parent.image],
    ['ParentCommandLine', parent.commandLine],
  );
  if (host.hasUserFields) data.push(['ParentUser', parent.user]);
  return { eventId: 1, data };
}

type Maker = (random: Random, host: Host, time: number) => SampleEvent;

const processFields = (time: number, process: Process): [string, string][] => [
  ['RuleName', '-'],
  ['UtcTime', utcTime(time)],
  ['ProcessGuid', process.guid],
  ['ProcessId', String(process.id)],
];
const userField = (host: Host, process: Process): [string, string][] =>
  host.hasUserFields ? [['User', process.user]] : [];
const filled = (text: string, host: Host): string => text.replaceAll('{user}', NAMES(host.users[0]!));

const processCreate: Maker = (random, host, time) => {
  const program = random.weighted(PROGRAMS.map((item) => [item, item.weight] as const));
  const user = program.asSystem ? 'NT AUTHORITY\\SYSTEM' : random.pick(host.users);
  const windows = program.image.startsWith('C:\\Windows\\');
  return startProcess(random, host, time, parentNamed(host, program.parent), {
    image: program.image,
    commandLine: random.pick(program.commandLines).replaceAll('{user}', NAMES(user)),
    user,
    description: program.description,
    product: windows ? 'Microsoft® Windows® Operating System' : program.description,
    company: program.company,
  });
};

const processEnd: Maker = (random, host, time) => {
  const ended =
    host.running.length > 12
      ? host.running.splice(random.int(6, host.running.length - 1), 1)[0]!
      : random.pick(host.running);
  return { eventId: 5, data: [...processFields(time, ended), ['Image', ended.image], ...userField(host, ended)] };
};

const networkConnect: Maker = (random, host, time) => {
  const process = random.pick(host.running);
  const outside = random.next() < 0.6;
  return {
    eventId: 3,
    data: [
      ...processFields(time, process),
      ['Image', process.image],
      ['User', process.user],
      ['Protocol', 'tcp'],
      ['Initiated', 'true'],
      ['SourceIsIpv6', 'false'],
      ['SourceIp', host.address],
      ['SourceHostname', host.computer],
      ['SourcePort', String(random.int(49152, 65535))],
      ['SourcePortName', '-'],
      ['DestinationIsIpv6', 'false'],
      ['DestinationIp', outside ? `203.0.113.${random.int(1, 254)}` : `10.20.1.${random.int(10, 20)}`],
      ['DestinationHostname', '-'],
      ['DestinationPort', outside ? '443' : random.pick(['88', '135', '389', '445'])],
      ['DestinationPortName', outside ? 'https' : '-'],
    ],
  };
};

const imageLoad: Maker = (random, host, time) => {
  const process = random.pick(host.running);
  const [path, description] = random.pick(MODULES);
  return {
    eventId: 7,
    data: [
      ...processFields(time, process),
      ['Image', process.image],
      ['ImageLoaded', path],
      ['FileVersion', `${host.windows} (WinBuild.160101.0800)`],
      ['Description', description],
      ['Product', 'Microsoft® Windows® Operating System'],
      ['Company', 'Microsoft Corporation'],
      ['OriginalFileName', path.slice(path.lastIndexOf('\\') + 1)],
      ['Hashes', `SHA256=${random.hex(64).toUpperCase()}`],
      ['Signed', 'true'],
      ['Signature', 'Microsoft Windows'],
      ['SignatureStatus', 'Valid'],
      ...userField(host, process),
    ],
  };
};

const processAccess: Maker = (random, host, time) => {
  const [source, target] = [random.pick(host.running), random.pick(host.running)];
  const users: [string, string][] = host.hasUserFields
    ? [
        ['SourceUser', source.user],
        ['TargetUser', target.user],
      ]
    : [];
  return {
    eventId: 10,
    data: [
      ['RuleName', '-'],
      ['UtcTime', utcTime(time)],
      ['SourceProcessGUID', source.guid],
      ['SourceProcessId', String(source.id)],
      ['SourceThreadId', String(random.int(100, 9000))],
      ['SourceImage', source.image],
      ['TargetProcessGUID', target.guid],
      ['TargetProcessId', String(target.id)],
      ['TargetImage', target.image],
      ['GrantedAccess', random.pick(['0x1000', '0x1400', '0x1410', '0x3000'])],
      [
        'CallTrace',
        `C:\\Windows\\SYSTEM32\\ntdll.dll+${random.hex(5)}|C:\\Windows\\System32\\KERNELBASE.dll+${random.hex(5)}`,
      ],
      ...users,
    ],
  };
};

const fileEvent =
  (eventId: 11 | 23): Maker =>
  (random, host, time) => {
    const process = random.pick(host.running);
    const path: [string, string] = ['TargetFilename', filled(random.pick(FILES), host)];
    const tail: [string, string][] =
      eventId === 11
        ? [['Image', process.image], path, ['CreationUtcTime', utcTime(time)], ...userField(host, process)]
        : [
            ['User', process.user],
            ['Image', process.image],
            path,
            ['Hashes', `SHA256=${random.hex(64).toUpperCase()}`],
            ['IsExecutable', 'false'],
            ['Archived', 'true'],
          ];
    return { eventId, data: [...processFields(time, process), ...tail] };
  };

const registryEvent =
  (eventId: 12 | 13): Maker =>
  (random, host, time) => {
    const process = random.pick(host.running);
    const [key, value] = random.pick(REGISTRY);
    const [rule, ...ids] = processFields(time, process);
    const data: [string, string][] = [
      rule!,
      ['EventType', eventId === 12 ? 'CreateKey' : 'SetValue'],
      ...ids,
      ['Image', process.image],
      ['TargetObject', key],
    ];
    if (eventId === 13) data.push(['Details', value]);
    return { eventId, data: [...data, ...userField(host, process)] };
  };

const dnsQuery: Maker = (random, host, time) => {
  const process = random.pick(host.running);
  return {
    eventId: 22,
    data: [
      ...processFields(time, process),
      ['QueryName', random.pick(DOMAINS)],
      ['QueryStatus', '0'],
      ['QueryResults', `::ffff:203.0.113.${random.int(1, 254)};`],
      ['Image', process.image],
      ...userField(host, process),
    ],
  };
};

const MAKERS: readonly (readonly [Maker, weight: number])[] = [
  [processCreate, 12],
  [networkConnect, 12],
  [processEnd, 9],
  [imageLoad, 22],
  [processAccess, 14],
  [fileEvent(11), 9],
  [registryEvent(12), 6],
  [registryEvent(13), 9],
  [dnsQuery, 6],
  [fileEvent(23), 2],
];

/** An event of an ordinary day. */
export const ordinaryEvent: Maker = (random, host, time) => random.weighted(MAKERS)(random, host, time);

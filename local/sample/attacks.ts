import { type SampleEvent, startProcess } from './events';
import { type Host, type Process, parentNamed } from './hosts';
import type { Random } from './random';

const MMC = 'C:\\Windows\\System32\\mmc.exe';
const MMC_EMBEDDING = `${MMC} -Embedding`;
const windowsProgram = { product: 'Microsoft® Windows® Operating System', company: 'Microsoft Corporation' };

/** Something to happen on a host at a part (0–1) of the hour. */
export interface Scene {
  computer: string;
  at: number;
  attack: boolean;
  make(random: Random, host: Host, time: number): SampleEvent;
}

/** The host's own DCOM launcher; its command line differs between Windows versions, and with it what the rule can see. */
const dcomLauncher = (host: Host): Process => host.running.find(({ commandLine }) => commandLine === host.dcomLaunch)!;

const mmc = (user: string, commandLine: string) => ({
  image: MMC,
  commandLine,
  user,
  description: 'Microsoft Management Console',
  ...windowsProgram,
});

/** MMC started through DCOM (MMC20.Application) by an account that logged on over the network. */
const dcomAttack = (computer: string, at: number, user: string, commandLine = MMC_EMBEDDING): Scene => ({
  computer,
  at,
  attack: true,
  make: (random, host, time) => startProcess(random, host, time, dcomLauncher(host), mmc(user, commandLine)),
});

const nearMiss = (
  computer: string,
  at: number,
  parent: (host: Host) => Process,
  program: ReturnType<typeof mmc>,
): Scene => ({
  computer,
  at,
  attack: false,
  make: (random, host, time) => startProcess(random, host, time, parent(host), program),
});

/**
 * Three attacks that the rule finds, one of them on a host whose Sysmon knows no ParentUser, and processes that
 * come close: the launcher of later Windows (`-p`), MMC opened by its user, another COM server.
 */
export const SCENES: readonly Scene[] = [
  dcomAttack('WS05.corp.example.com', 0.31, 'CORP\\adm.novak'),
  dcomAttack('FS01.corp.example.com', 0.34, 'CORP\\adm.novak'),
  dcomAttack('LAB-PC7', 0.62, 'LAB-PC7\\operator', 'C:\\Windows\\system32\\mmc.exe -Embedding'),
  nearMiss('WS01.corp.example.com', 0.2, (host) => dcomLauncher(host), mmc('CORP\\helpdesk2', MMC_EMBEDDING)),
  nearMiss('DC01.corp.example.com', 0.41, (host) => dcomLauncher(host), mmc('CORP\\adm.novak', MMC_EMBEDDING)),
  nearMiss(
    'DC01.corp.example.com',
    0.45,
    (host) => parentNamed(host, '\\explorer.exe'),
    mmc('CORP\\adm.novak', '"C:\\Windows\\system32\\mmc.exe" "C:\\Windows\\system32\\dsa.msc" '),
  ),
  nearMiss(
    'WS04.corp.example.com',
    0.55,
    (host) => parentNamed(host, '\\explorer.exe'),
    mmc('CORP\\helpdesk1', MMC_EMBEDDING),
  ),
  nearMiss('WS05.corp.example.com', 0.7, (host) => dcomLauncher(host), {
    image: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
    commandLine: 'C:\\Windows\\system32\\wbem\\wmiprvse.exe -Embedding',
    user: 'NT AUTHORITY\\NETWORK SERVICE',
    description: 'WMI Provider Host',
    ...windowsProgram,
  }),
];

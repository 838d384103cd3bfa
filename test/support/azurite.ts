import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ACCOUNT = 'devstoreaccount1';
/** The well-known key of the storage emulator. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  readonly connectionString: string;
  readonly tablePort: number;
  readonly blobPort: number;
  stop(): Promise<void>;
}

/** Starts Azurite (blob and table, in memory, on free ports) as a child process. */
export async function startAzurite(): Promise<Azurite> {
  const script = join(__dirname, '..', '..', 'node_modules', 'azurite', 'dist', 'src', 'azurite.js');
  const flags = ['--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  const ports = ['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'];
  const child = spawn(process.execPath, [script, ...flags, ...ports], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { blob, table } = await listeningPorts(child);
  const connectionString = [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `BlobEndpoint=http://127.0.0.1:${blob}/${ACCOUNT}`,
    `TableEndpoint=http://127.0.0.1:${table}/${ACCOUNT}`,
  ].join(';');
  return { connectionString, tablePort: table, blobPort: blob, stop: () => stop(child) };
}

function listeningPorts(child: ChildProcess): Promise<{ blob: number; table: number }> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}: ${output}`)));
    child.stdout?.on('data', (data) => {
      output += data;
      const blob = /Blob service is successfully listening at \S+:(\d+)/.exec(output)?.[1];
      const table = /Table service is successfully listening at \S+:(\d+)/.exec(output)?.[1];
      if (blob && table) resolve({ blob: Number(blob), table: Number(table) });
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

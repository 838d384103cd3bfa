import { dirname, join } from 'node:path';
import { type Child, recentOutput, startChild } from './child-process';
import { assertPortFree } from './ports';

const ACCOUNT = 'devstoreaccount1';
/** The published key of the storage emulator's only account: the same everywhere, no secret. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const START_TIMEOUT_MS = 30_000;
/** Runs the program named by the next argument, and ends with the process that started it. */
const WRAPPER = "process.on('disconnect',()=>process.exit(1));process.channel.unref();require(process.argv[1])";

export interface Azurite {
  /** Blob and table endpoints. */
  connectionString: string;
  blobPort: number;
  tablePort: number;
  pid: number;
  /** Nothing is on disk, so there is nothing to finish: it is killed. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface AzuriteOptions {
  /** 0 or absent: any free port. */
  blobPort?: number;
  tablePort?: number;
}

/** Starts Azurite as a child process that keeps everything in memory. Rejects with what it said if it does not come up. */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  await assertPortFree(options.blobPort ?? 0, 'blob storage');
  await assertPortFree(options.tablePort ?? 0, 'table storage');
  const program = join(dirname(require.resolve('azurite/package.json')), 'dist', 'src', 'azurite.js');
  const ports = ['--blobPort', String(options.blobPort ?? 0), '--tablePort', String(options.tablePort ?? 0)];
  const flags = [
    '--inMemoryPersistence',
    '--silent',
    '--disableTelemetry',
    '--skipApiVersionCheck',
    '--queuePort',
    '0',
  ];
  const child = startChild(['-e', WRAPPER, program, ...flags, ...ports], {});
  const { blobPort, tablePort } = await listeningPorts(child);
  return {
    connectionString: connectionString(blobPort, tablePort),
    blobPort,
    tablePort,
    pid: child.pid,
    async stop() {
      await child.kill();
    },
  };
}

function connectionString(blobPort: number, tablePort: number): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `BlobEndpoint=http://127.0.0.1:${blobPort}/${ACCOUNT}`,
    `TableEndpoint=http://127.0.0.1:${tablePort}/${ACCOUNT}`,
    '',
  ].join(';');
}

function listeningPorts(child: Child): Promise<{ blobPort: number; tablePort: number }> {
  const output = recentOutput(child);
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      void child.kill();
      reject(new Error(`Azurite ${why}${output() ? `: ${output()}` : ''}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS);
    void child.exited.then(({ code }) => fail(`ended with code ${code}`));
    child.process.stdout?.on('data', () => {
      const port = (service: string): number | undefined => {
        const found = new RegExp(`${service} service is successfully listening at \\S+:(\\d+)`).exec(output());
        return found ? Number(found[1]) : undefined;
      };
      const blobPort = port('Blob');
      const tablePort = port('Table');
      if (blobPort === undefined || tablePort === undefined) return;
      clearTimeout(timer);
      resolve({ blobPort, tablePort });
    });
  });
}

import { cpus, totalmem } from 'node:os';

export interface Environment {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
}

export const environment = (): Environment => ({
  node: process.version,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
});

export const environmentLine = ({ node, cpu, cores, memoryGiB, platform }: Environment): string =>
  `Node ${node}, ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}`;

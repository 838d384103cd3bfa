import { join } from 'node:path';
import { bundlePrograms } from './bundle';

/** Compiles the programs of `local/` for tests that start them as processes, until `remove`. */
export function buildLocalEntries(): { directory: string; emulator: string; host: string; remove(): void } {
  const programs = ['start.ts', 'functions-host/main.ts', 'event-hubs-emulator/main.ts'];
  const { directory, remove } = bundlePrograms('local', programs);
  return {
    directory,
    emulator: join(directory, 'event-hubs-emulator', 'main.js'),
    host: join(directory, 'functions-host', 'main.js'),
    remove,
  };
}

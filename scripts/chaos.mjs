// The long form of the model test: node scripts/chaos.mjs [HISTORIES] [SEED] [PROCESSES]
import { runBundled } from './run-bundled.mjs';

runBundled('test/chaos/long-run', process.argv.slice(2));

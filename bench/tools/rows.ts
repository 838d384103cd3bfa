/** Writes rows of the stream to a file, over and over: node scripts/bench.mjs rows FILE COUNT [--made] */
import { writeRows } from '../inputs/rows-file';

const [file, count] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
console.log(JSON.stringify(writeRows(file!, Number(count))));

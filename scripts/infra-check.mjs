// Builds and lints infra/ with the real compiler. A warning is a failure.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bicepVersion, findBicep, runBicep } from './bicep.mjs';

const root = join(import.meta.dirname, '..');
const infra = join(root, 'infra');
const bicep = findBicep();
if (bicep.missing) {
  process.stderr.write(
    `infra:check needs the Bicep compiler: ${bicep.missing}.\nInstall it: https://aka.ms/bicep-install\n`,
  );
  process.exit(1);
}
const version = bicepVersion(bicep);
process.stderr.write(`${bicep.from}: ${version}\n`);

const out = mkdtempSync(join(tmpdir(), 'outrider-infra-'));
const files = readdirSync(infra);
const checks = [
  ...files
    .filter((name) => name.endsWith('.bicep'))
    .flatMap((name) => [
      ['build', name, ['--outfile', join(out, name.replace(/bicep$/, 'json'))]],
      ['lint', name, []],
    ]),
  ...files
    .filter((name) => name.endsWith('.bicepparam'))
    .map((name) => ['build-params', name, ['--outfile', join(out, `${name}.json`)]]),
];
let failed = 0;
for (const [verb, name, options] of checks) {
  const { ok, output } = runBicep(bicep, verb, join(infra, name), options);
  const isClean = ok && !/\b(warning|error)\b/i.test(output);
  process.stdout.write(`${isClean ? 'ok    ' : 'FAILED'} ${verb} infra/${name}\n`);
  if (isClean) continue;
  failed++;
  process.stderr.write(`${output.replaceAll(infra, relative(root, infra))}\n`);
}
rmSync(out, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);

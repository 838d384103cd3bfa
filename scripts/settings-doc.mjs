// Writes docs/settings.md from src/config.ts. `--check`: writes nothing, fails where the file is not what would be written.
import { cell, importSource, writeOrCheck } from './generated-doc.mjs';

const row = ({ name, description, default: fallback }) =>
  `| \`${name}\` | ${fallback === undefined ? '' : `\`${cell(fallback)}\``} | ${cell(description)} |`;

function page(settings) {
  const table = (readBy) => [
    '| setting | default | |',
    '|---|---|---|',
    ...settings.filter((setting) => setting.readBy === readBy).map(row),
  ];
  return [
    '# Settings',
    '',
    '<!-- Written by scripts/settings-doc.mjs from src/config.ts: change that, then run `node scripts/settings-doc.mjs`. -->',
    '',
    'The same names hold in Azure (app settings), in `local.settings.json` and in `npm start`. All are checked when the app is loaded; a bad one',
    'stops the start and every fault is named. An empty value counts as none. A name that begins with `OUTRIDER_` and is not in these tables is a',
    'fault too.',
    '',
    'A connection is either `NAME`, a connection string, or `NAME__…`, an address that is used with an identity. In Azure only the second form is',
    'deployed (`infra/resources.bicep`); the bindings then need `NAME__credential` = `managedidentity` and `NAME__clientId` as well. Durations are',
    'like `90s`, `5m`, `1h`, `1d` or ISO 8601 (`PT5M`).',
    '',
    '## Read by Outrider',
    '',
    ...table('engine'),
    '',
    '## Read by the Functions host and its bindings',
    '',
    'Those with a default must be set all the same: a binding knows no defaults.',
    '',
    ...table('bindings'),
    '',
  ].join('\n');
}

const { SETTINGS } = await importSource("export { SETTINGS } from './src/config';");
writeOrCheck('settings.md', page(SETTINGS), 'src/config.ts says');

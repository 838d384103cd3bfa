// Writes docs/kql.md: what of KQL there is, from the registries, and what is refused, from Microsoft's own lists of what Kusto has.
// `--check`: writes nothing, fails where the file is not what would be written.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cell, importSource, root, writeOrCheck } from './generated-doc.mjs';

const functions = join(root, 'src', 'kql', 'functions');
const domains = readdirSync(functions).filter((name) => existsSync(join(functions, name, 'index.ts')));

const ours = await importSource(`
  ${domains.map((name) => `export * as domain_${name} from './src/kql/functions/${name}';`).join('\n')}
  export * as aggregates from './src/kql/aggregates';
  export * as windows from './src/kql/window-functions';
  export { OPERATORS } from './src/compiler/operators';
  export { PLUGINS } from './src/compiler/operators/evaluate';
  export { COMPILED_FUNCTIONS, operatorOf, SOURCE_OPERATORS, STATEMENTS } from './src/compiler/reference';
  export { functionReason, nodeReason, pluginReason } from './src/compiler/unsupported';
`);

/** The symbols of Microsoft's parser. */
function loadKusto() {
  const require = createRequire(import.meta.url);
  // Both define globals and must come in this order.
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Functions, Aggregates, PlugIns, Operators, Syntax } = globalThis.Kusto.Language;
  const all = ({ All }) => Array.from({ length: All.Count ?? All.length }, (_, i) => All.getItem?.(i) ?? All[i]);
  const kinds = (base) => Object.keys(Syntax).filter((name) => Syntax[name]?.prototype instanceof base);
  return {
    functions: all(Functions),
    aggregates: all(Aggregates),
    plugins: all(PlugIns),
    scalarOperators: all(Operators),
    operators: kinds(Syntax.QueryOperator).filter((kind) => /Operator$/.test(kind) && kind !== 'BadQueryOperator'),
    statements: kinds(Syntax.Statement).filter((kind) => kind !== 'ExpressionStatement'),
  };
}
const kusto = loadKusto();

const code = (name) => `\`${cell(name)}\``;
const link = (name, docs) => `[${code(name)}](https://learn.microsoft.com/kusto/query/${docs})`;
const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
const obsolete = new Map(
  [...kusto.functions, ...kusto.aggregates]
    .filter((symbol) => symbol.IsObsolete && symbol.Alternative)
    .map((symbol) => [symbol.Name, symbol.Alternative]),
);

function notesOf({ name, aliases = [], note, approximate }) {
  const old = [name, ...aliases].filter((each) => obsolete.has(each));
  return [
    note,
    approximate && `approximate: ${approximate}`,
    ...old.map((each) => `Kusto calls ${code(each)} obsolete: ${code(obsolete.get(each))}`),
  ].filter(Boolean);
}

const supported = (rows) => [
  '| | also | |',
  '|---|---|---|',
  ...rows
    .toSorted(byName)
    .map(
      (row) =>
        `| ${link(row.name, row.docs)} | ${(row.aliases ?? []).map(code).join(', ')} | ${cell(notesOf(row).join('; '))} |`,
    ),
];

/** Names with one reason share a row. */
function refused(rows) {
  if (rows.length === 0) return [];
  const byReason = new Map();
  for (const { name, reason } of rows) {
    const text = reason ?? 'not there yet';
    byReason.set(text, [...(byReason.get(text) ?? []), name]);
  }
  return [
    '',
    '| refused | why, and what to do instead |',
    '|---|---|',
    ...[...byReason].map(([reason, names]) => `| ${names.map(code).join(', ')} | ${cell(reason)} |`),
  ];
}

const entries = (index) => Object.values(index).filter((entry) => typeof entry?.docs === 'string');
const registered = domains.flatMap((domain) =>
  entries(ours[`domain_${domain}`]).map((entry) => ({ ...entry, domain })),
);
const isOperator = ({ name, docs }) => /operator/.test(docs) || !/^\w+$/.test(name);
const namesOf = (rows) => new Set(rows.flatMap(({ name, aliases = [] }) => [name, ...aliases]));

const windows = entries(ours.windows);
const aggregates = entries(ours.aggregates);
const known = namesOf([...registered, ...windows, ...aggregates, ...ours.COMPILED_FUNCTIONS]);
const refusedOf = (symbols, names, reasonOf) =>
  symbols.map(({ Name: name }) => ({ name, reason: reasonOf(name) })).filter(({ name }) => !names.has(name));

const operatorRow = (kind) => {
  const { names, docs } = ours.operatorOf(kind);
  const [name, ...aliases] = names;
  return { name, aliases, docs, reason: ours.nodeReason(kind) };
};
const isOurs = (kind) => Object.hasOwn(ours.OPERATORS, kind) || ours.SOURCE_OPERATORS.includes(kind);

/** `NotHasPrefixCs` → `!hasprefix_cs`; undefined for those that are signs, which are all there. */
function scalarOperator(kind) {
  if (kind.includes('Like')) return kind.toLowerCase();
  // Microsoft's parser calls `in~` InCs.
  const word = kind
    .replace(/^(Not)?InCs$/, '$1In~')
    .replace(/^Not(?=[A-Z])/, '!')
    .replace(/Cs$/, '_cs')
    .replace(/(?<=Has)(?=A)/, '_')
    .toLowerCase();
  const signs =
    /^(unary|and$|or$|add|subtract|multiply|divide|modulo|less|greater|equal|!equal|bang|matchregex|search)/;
  return signs.test(word) ? undefined : word;
}
const operatorNames = namesOf(registered.filter(isOperator));
const refusedOperators = kusto.scalarOperators
  .map((symbol) => scalarOperator(symbol.Name))
  .filter((name) => name !== undefined && !operatorNames.has(name))
  .map((name) => ({ name, reason: 'Kusto does not document it: write matches regex' }));

const statement = (kind) => {
  const { names, docs, note } = ours.STATEMENTS[kind];
  return { name: names[0], docs, note, reason: ours.nodeReason(kind) };
};

const page = [
  '# KQL',
  '',
  "<!-- Written by scripts/kql-doc.mjs from the registries of src/kql and src/compiler and from the symbols of Microsoft's parser: change those, then run `node scripts/kql-doc.mjs`. -->",
  '',
  "What a rule's query may hold. Every name links to the page whose semantics it follows. Whatever Kusto has beside is refused when the rule is",
  'built, with its line and column: a rule never runs half.',
  '',
  '## Statements',
  '',
  ...supported(kusto.statements.map(statement).filter(({ reason }) => !reason)),
  ...refused(kusto.statements.map(statement).filter(({ reason }) => reason)),
  '',
  '## Tabular operators',
  '',
  ...supported(kusto.operators.filter(isOurs).map(operatorRow)),
  ...refused(kusto.operators.filter((kind) => !isOurs(kind)).map(operatorRow)),
  '',
  '## Plugins of `evaluate`',
  '',
  ...supported(Object.keys(ours.PLUGINS).map((name) => ({ name, docs: `${name.replaceAll('_', '-')}-plugin` }))),
  ...refused(refusedOf(kusto.plugins, new Set(Object.keys(ours.PLUGINS)), ours.pluginReason)),
  '',
  '## Scalar operators',
  '',
  ...supported(registered.filter(isOperator)),
  ...refused(refusedOperators),
  '',
  '## Aggregates',
  '',
  ...supported(aggregates),
  ...refused(
    refusedOf(kusto.aggregates, known, (name) =>
      name === 'passthrough' ? "it is internal to Kusto's own functions" : undefined,
    ),
  ),
  '',
  '## Window functions',
  '',
  ...supported(windows),
  '',
  '## Functions of the query itself',
  '',
  ...supported(ours.COMPILED_FUNCTIONS),
  '',
  ...domains.flatMap((domain) => [
    `## Functions: ${domain}`,
    '',
    ...supported(registered.filter((entry) => entry.domain === domain && !isOperator(entry))),
    '',
  ]),
  '## Functions that are refused',
  ...refused(refusedOf(kusto.functions, known, ours.functionReason)),
  '',
].join('\n');

writeOrCheck('kql.md', page, "the registries and Microsoft's symbols say");

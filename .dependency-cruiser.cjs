// Imports point one way: functions, cli, local → host → board → engine → {plan, events, state, alerts, deadletters, prefilter, streaming} → kql.
const room = (name) => `^src/${name}(/|\\.ts$)`;

/** A room may import itself, what is named, and packages. */
const only = (name, ...allowed) => ({
  name: `${name}-imports`,
  comment: `${name} may import only ${[name, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: room(name) },
  to: { path: '^(src|cli|local|functions|test|bench)/', pathNot: [name, ...allowed].map(room) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('kql'),
    only('compiler', 'kql', 'spelling'),
    only('streaming', 'kql'),
    only('prefilter', 'row-messages'),
    only('events', 'row-messages'),
    only('state'),
    only('alerts', 'state'),
    only('deadletters', 'state'),
    only('tables', 'kql'),
    only('spelling'),
    only('plan', 'kql', 'streaming'),
    only('rules', 'kql', 'streaming', 'compiler', 'tables', 'plan', 'spelling'),
    only('explain', 'kql', 'streaming', 'compiler', 'events', 'plan', 'rules'),
    only('config', 'plan', 'alerts'),
    only('engine', 'kql', 'streaming', 'prefilter', 'events', 'state', 'alerts', 'deadletters', 'plan'),
    only('telemetry'),
    // Of explain it knows the types alone: what they describe was made by the build.
    only('board', 'kql', 'streaming', 'state', 'alerts', 'deadletters', 'engine', 'plan'),
    only('host', 'engine', 'config', 'events', 'state', 'alerts', 'deadletters', 'plan', 'telemetry', 'board'),
    {
      name: 'parser-in-one-place',
      comment: "Microsoft's parser is loaded by src/compiler/kusto/library.ts alone",
      severity: 'error',
      from: { pathNot: '^src/compiler/kusto/library\\.ts$' },
      to: { path: '@kusto/language-service-next' },
    },
    {
      name: 'parser-never-deployed',
      comment: 'the deployed functions load plans; the compiler must not be reachable from them',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^src/compiler/', reachable: true },
    },
    {
      name: 'local-never-deployed',
      severity: 'error',
      from: { path: '^(src|functions)/' },
      to: { path: '^(local|cli|test|bench)/' },
    },
    {
      name: 'page-alone',
      comment: 'the page runs in a browser: of the rest it knows types, and the names of tactics and techniques',
      severity: 'error',
      from: { path: '^web/' },
      to: {
        path: '^(src|cli|local|functions|test|bench)/',
        // The first is data; of the others the types alone: a bundle of more would not fit a browser.
        pathNot: [
          '^src/rules/catalogue/mitre-(?:tactics|techniques)\\.json$',
          '^src/board/types\\.ts$',
          '^src/alerts/alert\\.ts$',
          '^src/explain/page/page\\.ts$',
          '^cli/explain/funnel\\.ts$',
        ],
      },
    },
    {
      name: 'no-page-in-programs',
      severity: 'error',
      from: { path: '^(src|cli|local|functions)/' },
      to: { path: '^web/' },
    },
    {
      name: 'kql-has-one-door',
      comment: 'the language is imported through src/kql/index.ts alone',
      severity: 'error',
      from: { pathNot: '^src/kql/' },
      to: { path: '^src/kql/', pathNot: '^src/kql/index\\.ts$' },
    },
    {
      name: 'kql-not-through-its-door',
      comment: 'the language itself imports files, not its door: that would be a circle',
      severity: 'error',
      from: { path: '^src/kql/' },
      to: { path: '^src/kql/index\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'no file is needed by what it needs, not for its types either',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Imports of types count: they are what a reader follows.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};

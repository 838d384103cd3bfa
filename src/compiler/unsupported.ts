/** Why operators, plugins and statements of Kusto's are left out, and what to do instead. */

const SEVERAL = 'it gives several tables, and a rule has one result';
const GRAPH = 'join the tables of the edges instead, once for each step';
const UNPUBLISHED = 'how Kusto finds its groups is not published';
const OUTSIDE = 'it runs code or a service outside the query';
const SKETCH = 'it works on activity over calendar periods: summarize by bin() instead';

const OPERATORS: Readonly<Record<string, string>> = {
  FacetOperator: SEVERAL,
  ForkOperator: SEVERAL,
  ReduceByOperator: UNPUBLISHED,
  MakeGraphOperator: GRAPH,
  GraphMatchOperator: GRAPH,
  GraphShortestPathsOperator: GRAPH,
  GraphToTableOperator: GRAPH,
  GraphMarkComponentsOperator: GRAPH,
  GraphWhereNodesOperator: GRAPH,
  GraphWhereEdgesOperator: GRAPH,
  MacroExpandOperator: 'it reads other clusters and databases',
  ExecuteAndCacheOperator: 'it keeps results between runs',
  AssertSchemaOperator: 'the schema is checked when the rule is compiled',
};

const STATEMENTS: Readonly<Record<string, string>> = {
  AliasStatement: 'tables of other clusters and databases cannot be read',
};

const PLUGINS: Readonly<Record<string, string>> = {
  autocluster: UNPUBLISHED,
  basket: UNPUBLISHED,
  diffpatterns: UNPUBLISHED,
  diffpatterns_text: UNPUBLISHED,
  python: OUTSIDE,
  r: OUTSIDE,
  http_request: OUTSIDE,
  http_request_post: OUTSIDE,
  sql_request: OUTSIDE,
  mysql_request: OUTSIDE,
  postgresql_request: OUTSIDE,
  cosmosdb_sql_request: OUTSIDE,
  azure_digital_twins_query_request: OUTSIDE,
  ai_embeddings: OUTSIDE,
  ai_embed_text: OUTSIDE,
  ai_chat_completion: OUTSIDE,
  active_users_count: SKETCH,
  activity_counts_metrics: SKETCH,
  activity_engagement: SKETCH,
  activity_metrics: SKETCH,
  funnel_sequence: SKETCH,
  funnel_sequence_completion: SKETCH,
  new_activity_metrics: SKETCH,
  session_count: SKETCH,
  sequence_detect: SKETCH,
  sliding_window_counts: SKETCH,
};

/** `SampleOperator` → `operator 'sample'`, with the reason where there is one. */
export function unsupportedNode(kind: string): string {
  const reason = OPERATORS[kind] ?? STATEMENTS[kind];
  const name = kind
    .replace(/(Operator|Expression|Statement)$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
  const shown = kind.endsWith('Operator') ? `operator '${name}'` : `'${name}'`;
  return `${shown} is not supported${reason ? `: ${reason}` : ''}`;
}

export function unsupportedPlugin(name: string, supported: readonly string[]): string {
  const reason = PLUGINS[name];
  const others = `${supported.slice(0, -1).join(', ')} and ${supported.at(-1)}`;
  return `plugin '${name}' is not supported${reason ? `: ${reason}` : ''}; supported are ${others}`;
}

/** Whether it is an operator on graphs, which the binder fails on. */
export const isGraphOperator = (kind: string): boolean => OPERATORS[kind] === GRAPH;

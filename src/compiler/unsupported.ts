/** Why operators, plugins, functions and statements of Kusto's are left out, and what to do instead. */

const SEVERAL = 'it gives several tables, and a rule has one result';
const GRAPH = 'join the tables of the edges instead, once for each step';
const UNPUBLISHED = 'how Kusto finds its groups is not published';
const OUTSIDE = 'it runs code or a service outside the query';
const ELSEWHERE = 'it reads other clusters and databases';
const STORAGE = 'it tells how Kusto stores its rows';
const WHO = 'a rule on the stream runs in no database and for nobody';
const SCHEMA = 'it looks into files and tables elsewhere';
const SHAPES = 'of geography, distances between points and whether a point lies in an area are supported';
const INTERNAL = "it is internal to Kusto's own functions";
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
  MacroExpandOperator: ELSEWHERE,
  ExecuteAndCacheOperator: 'it keeps results between runs',
  PartitionByOperator: INTERNAL,
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
  csharp: OUTSIDE,
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
  ai_chat_completion_prompt: OUTSIDE,
  dax_request: OUTSIDE,
  execute_query: ELSEWHERE,
  execute_show_command: ELSEWHERE,
  external_datatable: ELSEWHERE,
  estimate_rows_count: STORAGE,
  identity: WHO,
  identity_v3: WHO,
  infer_storage_schema: SCHEMA,
  infer_storage_schema_with_suggestions: SCHEMA,
  geo_polygon_lookup: SHAPES,
  geo_line_lookup: SHAPES,
  preview: SEVERAL,
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

/** The first that fits is the reason. */
const FUNCTIONS: readonly (readonly [RegExp, string])[] = [
  [/^__/, INTERNAL],
  [/^geo_info_from_ip_address$/, 'it needs a database of addresses: join a watchlist with ipv4_lookup instead'],
  [/^parse_user_agent$/, 'it needs a database of browsers and devices, and which one Kusto has is not published'],
  [/^geo_/, SHAPES],
  [/^(graph|all|map|inner_nodes|labels|node_(id|degree_in|degree_out))$/, GRAPH],
  [/^(cluster|database|external_table|materialized_view|entity_group|stored_query_result)$/, ELSEWHERE],
  [/^current_(cluster_endpoint|database|principal\w*)$/, WHO],
  [/^(extent_?\w*|row_id|cursor_\w+|current_cursor|current_node_id|rowstore_\w+)$/, STORAGE],
  [/^iscolumnexists$/, 'write column_ifexists()'],
  [/^row_rank$/, 'write row_rank_dense()'],
  [/^(hll|tdigest)_isvalid$/, 'a sketch that a query makes is always valid'],
];

/** Undefined where there is none beside that it is not there. */
export const nodeReason = (kind: string): string | undefined => OPERATORS[kind] ?? STATEMENTS[kind];
export const pluginReason = (name: string): string | undefined => PLUGINS[name];
export const functionReason = (name: string): string | undefined => FUNCTIONS.find(([names]) => names.test(name))?.[1];

/** `SampleOperator` → `operator 'sample'`, with the reason where there is one. */
export function unsupportedNode(kind: string): string {
  const reason = nodeReason(kind);
  const name = kind
    .replace(/(Operator|Expression|Statement)$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
  const shown = kind.endsWith('Operator') ? `operator '${name}'` : `'${name}'`;
  return `${shown} is not supported${reason ? `: ${reason}` : ''}`;
}

export function unsupportedPlugin(name: string, supported: readonly string[]): string {
  const reason = pluginReason(name);
  const others = `${supported.slice(0, -1).join(', ')} and ${supported.at(-1)}`;
  return `plugin '${name}' is not supported${reason ? `: ${reason}` : ''}; supported are ${others}`;
}

/** Whether it is an operator on graphs, which the binder fails on. */
export const isGraphOperator = (kind: string): boolean => OPERATORS[kind] === GRAPH;

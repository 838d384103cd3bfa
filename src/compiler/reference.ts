/** What the reference of the language (docs/kql.md) says of names that the compiler knows by the grammar, or takes apart itself. */

export interface NamedByGrammar {
  readonly names: readonly string[];
  /** Page below https://learn.microsoft.com/kusto/query/. */
  readonly docs: string;
}

/** Operators whose names are not those of the grammar. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  FilterOperator: ['where', 'filter'],
  GetSchemaOperator: ['getschema'],
  PartitionByOperator: ['__partitionby'],
  ReduceByOperator: ['reduce'],
  SortOperator: ['sort', 'order'],
  TakeOperator: ['take', 'limit'],
};

/** `MvExpandOperator` → `mv-expand`, with its page. */
export function operatorOf(kind: string): NamedByGrammar {
  const written = kind
    .replace(/Operator$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
  const names = OTHER_NAMES[kind] ?? [written];
  return { names, docs: `${names[0]}-operator` };
}

/** Tabular operators that begin a query: the translator makes them sources. */
export const SOURCE_OPERATORS: readonly string[] = ['FindOperator', 'PrintOperator', 'RangeOperator'];

export interface CompiledFunction extends Pick<NamedByGrammar, 'docs'> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly note: string;
  /** A query that has it. */
  readonly example: string;
}

/** Functions that the compiler takes apart: they are in no registry. */
export const COMPILED_FUNCTIONS: readonly CompiledFunction[] = [
  { name: 'ago', docs: 'ago-function', note: 'counted from the end of the window', example: 'print x = ago(1h)' },
  {
    name: 'bin_auto',
    docs: 'bin-auto-function',
    note: 'its size comes from `set query_bin_auto_size`',
    example: 'set query_bin_auto_size = 1h; print x = bin_auto(datetime(2026-01-01))',
  },
  {
    name: 'column_ifexists',
    aliases: ['columnifexists'],
    docs: 'column-ifexists-function',
    note: 'the name is a constant',
    example: "print a = 1 | extend x = column_ifexists('b', 2)",
  },
  {
    name: 'column_names_of',
    docs: 'column-names-of-function',
    note: '',
    example: 'let T = print a = 1; print x = column_names_of(T)',
  },
  {
    name: 'ingestion_time',
    docs: 'ingestion-time-function',
    note: 'when the hub took the event in',
    example: 'print x = ingestion_time()',
  },
  {
    name: 'materialize',
    docs: 'materialize-function',
    note: 'changes nothing: a result is the same however often it is worked out',
    example: 'let T = materialize(print a = 1); T',
  },
  {
    name: 'new_guid',
    docs: 'new-guid-function',
    note: 'made of the row it stands on, with a warning: the same when a window is run again, equal for equal rows',
    example: 'print x = new_guid()',
  },
  { name: 'now', docs: 'now-function', note: 'the end of the window', example: 'print x = now()' },
  { name: 'pack_all', docs: 'pack-all-function', note: '', example: 'print a = 1 | extend x = pack_all()' },
  {
    name: 'rand',
    docs: 'rand-function',
    note: 'made of the row it stands on, with a warning: the same when a window is run again, equal for equal rows',
    example: 'print x = rand()',
  },
  {
    name: 'table',
    docs: 'table-function',
    note: 'the name is a constant',
    example: "table('Event') | count",
  },
  { name: 'toscalar', docs: 'toscalar-function', note: '', example: 'print x = toscalar(print a = 1)' },
];

/** Statements by the grammar's name of them. */
export const STATEMENTS: Readonly<Record<string, NamedByGrammar & { readonly note: string }>> = {
  AliasStatement: { names: ['alias'], docs: 'alias-statement', note: '' },
  LetStatement: { names: ['let'], docs: 'let-statement', note: 'scalars, tables and functions' },
  PatternStatement: { names: ['declare pattern'], docs: 'pattern-statement', note: '' },
  QueryParametersStatement: {
    names: ['declare query_parameters'],
    docs: 'query-parameters-statement',
    note: 'each needs a default value',
  },
  RestrictStatement: { names: ['restrict'], docs: 'restrict-statement', note: 'changes no result' },
  SetOptionStatement: {
    names: ['set'],
    docs: 'set-statement',
    note: '`query_now`, `query_bin_auto_size` and `query_bin_auto_at` count; others change no result',
  },
};

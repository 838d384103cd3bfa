// The one door of the language: nothing outside this folder imports anything else of it.

export { aggregateNames, findAggregate } from './aggregates/registry';
export { staysEmpty } from './analysis/emptiness';
export { mapParts, mapQueries, partsOf, pipelinesIn, readBy, readByAll, someExpr } from './analysis/expressions';
export { foldConstants } from './analysis/fold';
export { mapOp, partsOfOp } from './analysis/map';
export { type Names, union as unionOfNames } from './analysis/names';
export { patternCost } from './analysis/pattern-cost';
export { prunePlan, TIME_COLUMN } from './analysis/prune';
export { expressionsOf, pipelinesOf, readsClock, readsStream } from './analysis/references';
export { resultKeys } from './analysis/result-identity';
export { alignedLegs, normalizeUnions } from './analysis/unions';
export { anyColumn } from './any-column';
export { neededBy, prepareExpr, prepareOperator, prepareOps, preparePipeline, prepareSummarize } from './bind';
export { KqlError } from './errors';
export { MAX_EXTERNAL_ROWS, parseDelimited, parseExternal } from './external-data';
export { xmlToDynamic } from './functions/parsing/support/xml';
export { findFunction, functionNames } from './functions/registry';
export {
  type AggregateCall,
  type ExpandColumn,
  type Expr,
  INGESTION_COLUMN,
  isHidden,
  type JoinKind,
  type NamedExpr,
  type Op,
  type OpOf,
  PARTITION_KEY,
  type ParsePart,
  type Pipeline,
  type ScanStep,
  SEARCHED_TABLE,
  type SortKey,
  type Source,
  scanColumn,
  type TopNestedLevel,
  type Union,
  type Within,
} from './ir';
export { jsonCell, jsonRows } from './json-output';
export { meter, ROW_STAGE_LIMITS } from './meter';
export { freeName, matchesPattern } from './operators/columns';
export type { Growth, GrowthRules, Growths, Origin, Origins, RowChange } from './operators/facts';
export { factsOf } from './operators/registry';
export type { Group, PreparedSummarize } from './operators/summarize';
export { visible } from './pipeline';
export type { PreparedExpr, PreparedOperator, PreparedPipeline } from './prepared';
export {
  externalReferenceId,
  mapRows,
  type Reference,
  type RowsSource,
  referenceName,
  type ShownReference,
  shownReference,
  shownUrl,
  uniqueReferences,
  watchlistReferenceId,
} from './references';
export { createRuntime, type Runtime } from './runtime';
export { exprText, opText } from './text';
export { decodeValue, type Encoded, encodeValue } from './values/codec';
export { convert, parseDynamic, parseLong } from './values/convert';
export {
  formatDatetime,
  MAX_DATETIME_TICKS,
  msFromTicks,
  parseDatetime,
  TICKS_PER_MS,
  ticksFromMs,
  UNIX_EPOCH_TICKS,
} from './values/datetime';
export { dynamicReal, parseJson, stringifyJson } from './values/json';
export { parseReal } from './values/real';
export { formatTimespan, parseTimespan } from './values/timespan';
export {
  type Column,
  type Dynamic,
  DynamicScalar,
  nullOf,
  type Row,
  SCALAR_TYPES,
  type ScalarType,
  type Schema,
  type Table,
  type Value,
} from './values/types';
export { findWindow } from './window-functions/registry';

import type { Op, Pipeline } from '../../kql';
import type { Node } from '../kusto';
import type { Scope } from '../scope';
import type { Translation } from '../translation';
import { evaluate } from './evaluate';
import { join, lookup } from './join';
import { makeSeries } from './make-series';
import { mvApply, mvExpand } from './mv';
import { parse, parseKv } from './parse';
import { partition, sample, sampleDistinct, topHitters, topNested } from './partition';
import {
  extend,
  project,
  projectAway,
  projectByNames,
  projectKeep,
  projectRename,
  projectReorder,
  serialize,
} from './project';
import { scan } from './scan';
import { pipedSearch } from './search';
import { asOperator, consume, count, distinct, filter, getSchema, invoke, render, sort, take, top } from './simple';
import { summarize } from './summarize';
import { pipedUnion } from './union';

/** Turns an operator node into plan operators on its input, or into another pipeline (`invoke`, `as`). */
type OperatorTranslator = (t: Translation, node: Node, scope: Scope, input: Pipeline) => readonly Op[] | Pipeline;

/** By the grammar's name of the operator. One line each. */
export const OPERATORS: Readonly<Record<string, OperatorTranslator>> = {
  AsOperator: asOperator,
  ConsumeOperator: consume,
  CountOperator: count,
  DistinctOperator: distinct,
  EvaluateOperator: evaluate,
  ExtendOperator: extend,
  FilterOperator: filter,
  GetSchemaOperator: getSchema,
  InvokeOperator: invoke,
  JoinOperator: join,
  LookupOperator: lookup,
  MakeSeriesOperator: makeSeries,
  MvApplyOperator: mvApply,
  MvExpandOperator: mvExpand,
  ParseKvOperator: parseKv,
  ParseOperator: parse,
  ParseWhereOperator: parse,
  PartitionOperator: partition,
  ProjectAwayOperator: projectAway,
  ProjectByNamesOperator: projectByNames,
  ProjectKeepOperator: projectKeep,
  ProjectOperator: project,
  ProjectRenameOperator: projectRename,
  ProjectReorderOperator: projectReorder,
  RenderOperator: render,
  SampleDistinctOperator: sampleDistinct,
  SampleOperator: sample,
  ScanOperator: scan,
  SearchOperator: pipedSearch,
  SerializeOperator: serialize,
  SortOperator: sort,
  SummarizeOperator: summarize,
  TakeOperator: take,
  TopHittersOperator: topHitters,
  TopNestedOperator: topNested,
  TopOperator: top,
  UnionOperator: pipedUnion,
};

/** The one door to Microsoft's parser and binder. */
export { type Analysis, bind, type ParsedQuery, parse } from './analyze';
export { type Completion, type CompletionItem, completionsAt } from './completion';
export { createDatabase, type Database } from './database';
export type { FunctionDeclaration, TableDeclaration } from './declarations';
export type { ColumnSymbol, Listing, Node, TypeSymbol } from './node';
export { scalarType } from './scalar-type';
export {
  childrenOf,
  columnsOf,
  elements,
  items,
  kindOf,
  knownColumns,
  literalText,
  membersOf,
  resultName,
  symbolKind,
  writtenText,
} from './tree';

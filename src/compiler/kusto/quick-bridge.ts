/**
 * The library is C# made into JavaScript by Bridge.NET, and most of what it does is asking that runtime for the items of a list and whether an
 * object is of a type: by names put together anew at every call, and by walking through lists of types. Here these questions are answered
 * from what was answered before. What they answer stays the same (test/compiler/kusto/quick-bridge.test.ts).
 */

import { items } from './listing';
import type { Listing } from './node';

type Instance = Record<string, unknown> & { readonly constructor: object };

interface GenericType {
  readonly $cache: readonly CachedType[];
}

interface CachedType {
  readonly args: readonly unknown[];
}

export interface BridgeRuntime {
  is(object: unknown, type: unknown, ignoreFunction?: boolean, allowNull?: boolean): boolean;
  getTypeAlias(type: unknown): string;
  ref(object: unknown, name: unknown): unknown;
  readonly Class: { getCachedType(generic: GenericType, args: ArrayLike<unknown>): CachedType | null };
}

interface QuickTable {
  readonly Columns: Listing<{ readonly Name: string }>;
}

export interface SymbolLibrary {
  readonly Symbols: {
    readonly TableSymbol: {
      readonly prototype: {
        GetMembers$1(
          this: QuickTable,
          name: string | null | undefined,
          match: number,
          symbols: { add(symbol: unknown): void },
          ignoreCase?: boolean,
        ): void;
      };
    };
    readonly SymbolMatchExtensions: {
      Matches$1(symbol: unknown, name: string, match: number, ignoreCase: boolean): boolean;
    };
  };
}

export interface BridgeArrays {
  getItem(list: unknown, index: number, type?: unknown): unknown;
  getCount(list: unknown, type?: unknown): number;
}

/** Puts quicker answers in the place of the runtime's own. */
export function quicken(bridge: BridgeRuntime, arrays: BridgeArrays, library: SymbolLibrary): void {
  bridge.Class.getCachedType = cachedTypes(bridge.Class.getCachedType);
  bridge.is = typeTests(bridge.is);
  bridge.ref = refs(bridge.ref);
  const ownItem = arrays.getItem;
  const ownCount = arrays.getCount;
  arrays.getItem = itemOf(bridge, ownItem);
  arrays.getCount = countOf(bridge, ownCount);
  quickenColumns(library);
}

/** A generic type made for one argument is found by it, not by a walk through all that were made. */
function cachedTypes(own: BridgeRuntime['Class']['getCachedType']): typeof own {
  const made = new WeakMap<GenericType, Map<unknown, CachedType>>();
  return (generic, args) => {
    if (args.length !== 1) return own(generic, args);
    let known = made.get(generic);
    if (!known) {
      known = new Map();
      made.set(generic, known);
    }
    const found = known.get(args[0]);
    if (found) return found;
    const type = own(generic, args);
    if (type) known.set(args[0], type);
    return type;
  };
}

/** Whether an object is of a type depends on its class alone, but for boxed values, arrays, plain objects, and types that look at the object. */
function typeTests(own: BridgeRuntime['is']): BridgeRuntime['is'] {
  const answers = new WeakMap<object, Map<unknown, boolean>>();
  return (object, type, ignoreFunction, allowNull) => {
    if (object === null || object === undefined) return !!allowNull;
    if (typeof object !== 'object' || typeof type !== 'function') return own(object, type, ignoreFunction, allowNull);
    const { constructor: ofClass, $boxed } = object as Instance;
    const { $is, $literal } = type as unknown as Instance;
    if ($boxed || $is || $literal || !(ofClass as unknown as Instance).$kind)
      return own(object, type, ignoreFunction, allowNull);
    let known = answers.get(ofClass);
    if (!known) {
      known = new Map();
      answers.set(ofClass, known);
    }
    let answer = known.get(type);
    if (answer === undefined) {
      answer = own(object, type, ignoreFunction, allowNull);
      known.set(type, answer);
    }
    return answer;
  };
}

const ITEM = 'System$Collections$Generic$IList$1$';
const COLLECTION = 'System$Collections$Generic$ICollection$1$';

function itemOf(bridge: BridgeRuntime, own: BridgeArrays['getItem']): BridgeArrays['getItem'] {
  const names = namesOf(bridge, (alias) => `${ITEM}${alias}$getItem`);
  return (list, index, type) => {
    if (!type) return own(list, index, type);
    if (Array.isArray(list)) return list[index];
    const method = (list as Record<string, unknown>)[names(type)];
    return typeof method === 'function' ? method.call(list, index) : own(list, index, type);
  };
}

function countOf(bridge: BridgeRuntime, own: BridgeArrays['getCount']): BridgeArrays['getCount'] {
  const methods = namesOf(bridge, (alias) => `${COLLECTION}${alias}$getCount`);
  const properties = namesOf(bridge, (alias) => `${COLLECTION}${alias}$Count`);
  return (list, type) => {
    if (Array.isArray(list)) return list.length;
    if (!type) return own(list, type);
    // In the order in which the runtime asks.
    const object = list as Record<string, unknown>;
    const method = object[methods(type)] ?? object.System$Collections$ICollection$getCount;
    if (typeof method === 'function') return method.call(list) as number;
    const count = object[properties(type)] ?? object.System$Collections$ICollection$Count ?? object.Count;
    return typeof count === 'number' ? count : own(list, type);
  };
}

/** A place that a call can write to: as the runtime's own, without a property defined for each. */
class Ref {
  constructor(
    private readonly object: Record<string, unknown>,
    private readonly name: string,
  ) {}

  get v(): unknown {
    return this.object[this.name];
  }

  set v(value: unknown) {
    this.object[this.name] = value;
  }
}

function refs(own: BridgeRuntime['ref']): BridgeRuntime['ref'] {
  return (object, name) =>
    typeof name === 'string' || typeof name === 'number'
      ? new Ref(object as Record<string, unknown>, String(name))
      : own(object, name);
}

/** A table's columns are found by name in a map that is made once for it, in place of the library's dictionary. */
function quickenColumns(library: SymbolLibrary): void {
  const { TableSymbol, SymbolMatchExtensions } = library.Symbols;
  const own = TableSymbol.prototype.GetMembers$1;
  const known = new WeakMap<object, Map<string, { readonly Name: string }>>();
  const columnsOf = (table: QuickTable): Map<string, { readonly Name: string }> => {
    let columns = known.get(table);
    if (!columns) {
      columns = new Map();
      for (const column of items(table.Columns)) if (!columns.has(column.Name)) columns.set(column.Name, column);
      known.set(table, columns);
    }
    return columns;
  };
  TableSymbol.prototype.GetMembers$1 = function (name, match, symbols, ignoreCase): void {
    if (name === null || name === undefined || ignoreCase) {
      own.call(this, name, match, symbols, ignoreCase);
      return;
    }
    const column = columnsOf(this).get(name);
    if (column && SymbolMatchExtensions.Matches$1(column, name, match, false)) symbols.add(column);
  };
}

function namesOf(bridge: BridgeRuntime, name: (alias: string) => string): (type: unknown) => string {
  const names = new Map<unknown, string>();
  return (type) => {
    let known = names.get(type);
    if (known === undefined) {
      known = name(bridge.getTypeAlias(type));
      names.set(type, known);
    }
    return known;
  };
}

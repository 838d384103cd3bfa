/**
 * The library is C# made into JavaScript by Bridge.NET, and most of what it does is asking that runtime for the items of a list and whether an
 * object is of a type: by names put together anew at every call, and by walking through lists of types. Here these questions are answered
 * from what was answered before. What they answer stays the same (test/compiler/kusto/quick-bridge.test.ts).
 */

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
  readonly Class: { getCachedType(generic: GenericType, args: ArrayLike<unknown>): CachedType | null };
}

export interface BridgeArrays {
  getItem(list: unknown, index: number, type?: unknown): unknown;
  getCount(list: unknown, type?: unknown): number;
}

/** Puts quicker answers in the place of the runtime's own. */
export function quicken(bridge: BridgeRuntime, arrays: BridgeArrays): void {
  bridge.Class.getCachedType = cachedTypes(bridge.Class.getCachedType);
  bridge.is = typeTests(bridge.is);
  const ownItem = arrays.getItem;
  const ownCount = arrays.getCount;
  arrays.getItem = itemOf(bridge, ownItem);
  arrays.getCount = countOf(bridge, ownCount);
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
  const names = namesOf(bridge, (alias) => `System$Collections$Generic$ICollection$1$${alias}$getCount`);
  const properties = namesOf(bridge, (alias) => `System$Collections$Generic$ICollection$1$${alias}$Count`);
  return (list, type) => {
    if (Array.isArray(list)) return list.length;
    if (!type) return own(list, type);
    const object = list as Record<string, unknown>;
    const method = object[names(type)];
    if (typeof method === 'function') return method.call(list) as number;
    if (typeof object.System$Collections$ICollection$getCount === 'function') return own(list, type);
    const count = object[properties(type)];
    return count === undefined ? own(list, type) : (count as number);
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

import { scalarOf } from '../values/dynamic';
import { type Bag, type Dynamic, isBag } from '../values/types';
import { type BoundAggregate, defineAggregate } from './define';

/** What values have been met at one place: scalar types, and the places below it. */
interface Place {
  readonly types: Set<string>;
  readonly fields: Map<string, Place>;
  items: Place | undefined;
}

interface Saved {
  readonly t: string[];
  readonly f: [string, Saved][];
  readonly i: Saved | null;
}

/** Most fields of a place (the first by name), and the depth it is followed to: keys come from events. */
const MAX_FIELDS = 1_000;
const MAX_DEPTH = 32;
const INDEXER = '`indexer`';

const place = (): Place => ({ types: new Set(), fields: new Map(), items: undefined });

/** The place below, made if it is new; undefined where there are enough that come before it by name: the same in any order. */
function fieldOf({ fields }: Place, key: string): Place | undefined {
  const known = fields.get(key);
  if (known) return known;
  if (fields.size >= MAX_FIELDS) {
    let last = '';
    for (const name of fields.keys()) if (name > last) last = name;
    if (key > last) return undefined;
    fields.delete(last);
  }
  const made = place();
  fields.set(key, made);
  return made;
}

function add(at: Place, value: Dynamic, depth = 0): void {
  if (value === null || depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    at.items ??= place();
    for (const item of value) add(at.items, item, depth + 1);
  } else if (isBag(value)) {
    for (const [key, item] of value) {
      const below = fieldOf(at, key);
      if (below) add(below, item, depth + 1);
    }
  } else {
    const type = scalarOf(value)?.type;
    if (type) at.types.add(type === 'real' ? 'double' : type);
  }
}

function merge(into: Place, other: Place): void {
  for (const type of other.types) into.types.add(type);
  for (const [key, below] of other.fields) {
    const mine = fieldOf(into, key);
    if (mine) merge(mine, below);
  }
  if (other.items) {
    into.items ??= place();
    merge(into.items, other.items);
  }
}

/** One type by itself, several as an array; fields and items share a bag. */
function schemaOf({ types, fields, items }: Place): Dynamic {
  const all: Dynamic[] = [...types].sort();
  if (fields.size > 0 || items) {
    const bag: Bag = new Map([...fields.keys()].sort().map((key) => [key, schemaOf(fields.get(key)!)]));
    if (items) bag.set(INDEXER, schemaOf(items));
    all.push(bag);
  }
  return all.length < 2 ? (all[0] ?? null) : all;
}

const save = ({ types, fields, items }: Place): Saved => ({
  t: [...types],
  f: [...fields].map(([key, below]) => [key, save(below)]),
  i: items ? save(items) : null,
});

const load = ({ t, f, i }: Saved): Place => ({
  types: new Set(t),
  fields: new Map(f.map(([key, below]) => [key, load(below)])),
  items: i ? load(i) : undefined,
});

const bound: BoundAggregate<Place> = {
  init: place,
  add: (state, [value]) => add(state, value as Dynamic),
  merge,
  result: (state) => [schemaOf(state)],
  save: (state) => save(state) as never,
  load: (saved) => load(saved as unknown as Saved),
};

/** The least schema that admits every value. */
export const buildschema = defineAggregate({
  name: 'buildschema',
  docs: 'buildschema-aggregation-function',
  params: ['dynamic'],
  returns: () => ['dynamic'],
  bind: () => bound as BoundAggregate<unknown>,
});

import type { ScalarType } from '../../kql';

const TYPE_NAMES: ReadonlyMap<string, ScalarType> = new Map([
  ['bool', 'bool'],
  ['boolean', 'bool'],
  ['int8', 'bool'],
  ['int64', 'long'],
  ['int', 'int'],
  ['long', 'long'],
  ['real', 'real'],
  ['double', 'real'],
  ['decimal', 'decimal'],
  ['string', 'string'],
  ['datetime', 'datetime'],
  ['date', 'datetime'],
  ['timespan', 'timespan'],
  ['time', 'timespan'],
  ['guid', 'guid'],
  ['uuid', 'guid'],
  ['uniqueid', 'guid'],
  ['dynamic', 'dynamic'],
]);

/** Kusto's name of a scalar type, aliases included → the type; undefined if it is none. */
export const scalarType = (name: string): ScalarType | undefined => TYPE_NAMES.get(name);

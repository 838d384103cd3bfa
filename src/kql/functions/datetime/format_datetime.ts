import { TICKS_PER_SECOND } from '../../values/datetime';
import { defineFunction } from '../define';
import { utcDate } from './support/calendar';
import { bindFormat, fractionElements, oneOrTwo, type Piece } from './support/date_format';

const ELEMENTS: ReadonlyMap<string, Piece<bigint>> = new Map<string, Piece<bigint>>([
  ...oneOrTwo<bigint>('d', (t) => utcDate(t).getUTCDate()),
  ...oneOrTwo<bigint>('h', (t) => utcDate(t).getUTCHours() % 12 || 12),
  ...oneOrTwo<bigint>('H', (t) => utcDate(t).getUTCHours()),
  ...oneOrTwo<bigint>('m', (t) => utcDate(t).getUTCMinutes()),
  ...oneOrTwo<bigint>('M', (t) => utcDate(t).getUTCMonth() + 1),
  ...oneOrTwo<bigint>('s', (t) => utcDate(t).getUTCSeconds()),
  ...oneOrTwo<bigint>('y', (t) => utcDate(t).getUTCFullYear() % 100),
  ...fractionElements<bigint>((t) => Number(t % TICKS_PER_SECOND)),
  ['yyyy', (t) => String(utcDate(t).getUTCFullYear()).padStart(4, '0')],
  ['tt', (t) => (utcDate(t).getUTCHours() < 12 ? 'AM' : 'PM')],
]);

export const formatDatetime = defineFunction({
  name: 'format_datetime',
  docs: 'format-datetime-function',
  params: ['datetime', 'string'],
  returns: 'string',
  bind: ([, format]) => bindFormat('format_datetime', format!, ELEMENTS),
});

import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND } from '../../values/datetime';
import { defineFunction } from '../define';
import { bindFormat, fractionElements, oneOrTwo, type Piece } from './support/date_format';

const hours = (t: bigint): number => Number((t / TICKS_PER_HOUR) % 24n);

const ELEMENTS: ReadonlyMap<string, Piece<bigint>> = new Map<string, Piece<bigint>>([
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((width): [string, Piece<bigint>] => [
    'd'.repeat(width),
    (t) => String(t / TICKS_PER_DAY).padStart(width, '0'),
  ]),
  ...oneOrTwo<bigint>('h', hours),
  ...oneOrTwo<bigint>('H', hours),
  ...oneOrTwo<bigint>('m', (t) => Number((t / TICKS_PER_MINUTE) % 60n)),
  ...oneOrTwo<bigint>('s', (t) => Number((t / TICKS_PER_SECOND) % 60n)),
  ...fractionElements<bigint>((t) => Number(t % TICKS_PER_SECOND)),
]);

/** The sign is not shown: no format element stands for it. */
export const formatTimespan = defineFunction({
  name: 'format_timespan',
  docs: 'format-timespan-function',
  params: ['timespan', 'string'],
  returns: 'string',
  bind: ([, format]) => {
    const render = bindFormat('format_timespan', format!, ELEMENTS);
    return (ticks: bigint, text: string) => render(ticks < 0n ? -ticks : ticks, text);
  },
});

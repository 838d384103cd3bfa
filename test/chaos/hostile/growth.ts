import type { Attack } from './attack';
import { least, peakOf, slowness, timed } from './measure';

/** Less than this is no work, and too little to tell growth from noise, ms. */
const QUIET_MS = 60;
/** Linear is 4, n log n 5, quadratic 16; a collection of garbage or a cache that is full may fall into one of two. */
const MOST_GROWTH = 8;
/** What takes so long is measured once. */
const CLEAR_MS = 2_000;
const MOST_MEMORY = 256 << 20;

/**
 * What is wrong with an attack, by its cost at `small` bytes, at four times as many and, where these differ too much, at sixteen times:
 * undefined where it costs no more than its share. Only what is slow at first is measured again, and the least of several counts.
 */
export function faultOf(attack: Attack, small: number): string | undefined {
  try {
    return costFault(attack, small);
  } catch (error) {
    return `threw ${(error as Error).name}: ${(error as Error).message}`;
  }
}

function costFault(attack: Attack, small: number): string | undefined {
  const large = 4 * small;
  let ms = 0;
  const memory = peakOf(() => {
    ms = timed(attack, large);
  });
  if (memory > MOST_MEMORY) return `${memory >> 20} MiB of memory for ${large} bytes`;
  if (ms < QUIET_MS) return undefined;
  const most = attack.most.ms + (large * attack.most.usPerByte) / 1000;
  // Far beyond: to repeat it would take longer than it is worth.
  if (ms > 4 * most * slowness()) return tooSlow(ms, large);
  ms = Math.min(ms, least(attack, large, 2));
  if (ms > most * slowness()) return tooSlow(ms, large);
  return ms < QUIET_MS ? undefined : growthFault(attack, small, ms);
}

const tooSlow = (ms: number, bytes: number): string => `${ms.toFixed(0)} ms for ${bytes} bytes`;

/** Two steps of growth in a row are no accident. */
function growthFault(attack: Attack, small: number, ms: number): string | undefined {
  const less = least(attack, small, 3);
  if (ms <= MOST_GROWTH * Math.max(less, 1)) return undefined;
  let more = timed(attack, 16 * small);
  if (more > MOST_GROWTH * ms && more < CLEAR_MS) more = Math.min(more, timed(attack, 16 * small));
  if (more <= MOST_GROWTH * ms) return undefined;
  return `${[less, ms, more].map((each) => each.toFixed(1)).join(', ')} ms for ${small} bytes, 4 and 16 times as many`;
}

import { beginsAsTableRows, PREFIX_LENGTH } from '../row-messages';

/** Every line of a body (in Latin-1) begins as table rows do, and the last ends as JSON ends. */
export function holdsTableRows(latin1: string): boolean {
  const last = latin1.trimEnd();
  if (!/[\]}]$/.test(last.slice(-1))) return false;
  for (let start = 0; start < last.length; ) {
    const end = last.indexOf('\n', start);
    const line = last.slice(start, Math.min(start + PREFIX_LENGTH, end < 0 ? last.length : end));
    if (line.trim() !== '' && !beginsAsTableRows(line)) return false;
    if (end < 0) break;
    start = end + 1;
  }
  return last !== '';
}

const TIMES = /"TimeGenerated"\s*:\s*"\d{4}-\d\d-\d\dT/g;
/** As they stand in rows whose columns are sorted. */
const TIMES_AND_TYPES = /"TimeGenerated": ?"\d{4}-\d\d-\d\dT[^"]{0,40}", ?"Type": ?"[A-Za-z]/g;
const ENVELOPE = /^\s*\{\s*"records"/;
const TYPES = /"Type"\s*:\s*"[A-Za-z]/g;

function countPattern(text: string, pattern: RegExp): number {
  pattern.lastIndex = 0;
  let found = 0;
  while (pattern.test(text)) found++;
  return found;
}

function countText(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found++;
  return found;
}

/** After an object comes something that is neither an object nor a property: null, a number, a text … */
function hasStrayValue(latin1: string): boolean {
  const following = /[ \t\r\n]*(?:\{|"[^"]*"[ \t\r\n]*:)/y;
  for (let at = latin1.indexOf('},'); at >= 0; at = latin1.indexOf('},', at + 2)) {
    following.lastIndex = at + 2;
    if (!following.test(latin1)) return true;
  }
  return false;
}

/**
 * Whether every record of a body of table rows looks like one that decodes, as far as counting tells: a bad one must reach
 * the decoder, to be reported. Says no too often rather than too seldom, as for rows with objects in them.
 */
export function allLookSound(latin1: string): boolean {
  const envelope = ENVELOPE.test(latin1.slice(0, PREFIX_LENGTH)) ? 1 : 0;
  const objects = countText(latin1, '{"') + countText(latin1, '{ "') + countText(latin1, '{}') - envelope;
  const typed = () => countPattern(latin1, TIMES) === objects && countPattern(latin1, TYPES) === objects;
  return objects > 0 && (countPattern(latin1, TIMES_AND_TYPES) === objects || typed()) && !hasStrayValue(latin1);
}

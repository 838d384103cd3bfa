import { beginsAsTableRows, PREFIX_LENGTH } from '../row-messages';
import { countProperty } from './text';

const isEnd = (code: number): boolean => code === 0x5d || code === 0x7d;

/** Every line of a body (in Latin-1) begins as table rows do, and the last ends as JSON ends. */
export function holdsTableRows(latin1: string): boolean {
  const last = isEnd(latin1.charCodeAt(latin1.length - 1)) ? latin1 : latin1.trimEnd();
  if (!isEnd(last.charCodeAt(last.length - 1))) return false;
  for (let start = 0; start < last.length; ) {
    const end = last.indexOf('\n', start);
    const line = last.slice(start, Math.min(start + PREFIX_LENGTH, end < 0 ? last.length : end));
    if (line.trim() !== '' && !beginsAsTableRows(line)) return false;
    if (end < 0) break;
    start = end + 1;
  }
  return true;
}

const TIME = 'TimeGenerated';
const TIME_VALUE = /\s*:\s*"\d{4}-\d\d-\d\dT/y;
/** As they stand in rows whose columns are sorted. */
const TIME_AND_TYPE = /: ?"\d{4}-\d\d-\d\dT[^"]{0,40}", ?"Type": ?"[A-Za-z]/y;
const ENVELOPE = /^\s*\{\s*"records"/;
const TYPE_VALUE = /\s*:\s*"[A-Za-z]/y;
/** What follows the brace of an object. A brace in a text can look so too. */
const OBJECT = / ?"|\}/y;

function countObjects(latin1: string): number {
  let found = 0;
  for (let at = latin1.indexOf('{'); at >= 0; at = latin1.indexOf('{', at + 1)) {
    OBJECT.lastIndex = at + 1;
    if (OBJECT.test(latin1)) found++;
  }
  return found;
}

const FOLLOWING = /[ \t\r\n]*(?:\{|"[^"]*"[ \t\r\n]*:)/y;

/** After an object comes something that is neither an object nor a property: null, a number, a text … */
function hasStrayValue(latin1: string): boolean {
  for (let at = latin1.indexOf('},'); at >= 0; at = latin1.indexOf('},', at + 2)) {
    FOLLOWING.lastIndex = at + 2;
    if (!FOLLOWING.test(latin1)) return true;
  }
  return false;
}

/**
 * Whether every record of a body of table rows looks like one that decodes, as far as counting tells: a bad one must reach
 * the decoder, to be reported. Says no too often rather than too seldom, as for rows with objects in them.
 */
export function allLookSound(latin1: string): boolean {
  const envelope = ENVELOPE.test(latin1.slice(0, PREFIX_LENGTH)) ? 1 : 0;
  const objects = countObjects(latin1) - envelope;
  const typed = () =>
    countProperty(latin1, TIME, TIME_VALUE) === objects && countProperty(latin1, 'Type', TYPE_VALUE) === objects;
  return objects > 0 && (countProperty(latin1, TIME, TIME_AND_TYPE) === objects || typed()) && !hasStrayValue(latin1);
}

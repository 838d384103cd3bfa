import type { Diagnostic } from './diagnostic';

const MISSING_TEXT = 'KS001';
const EXPECTED_BOOL = 'KS141';
/** A value of a type that cannot stand here, such as dynamic. */
export const NOT_DYNAMIC = 'KS116';
const WRONG_NUMBER_OF_ARGUMENTS = 'KS121';

/** What to write instead, for errors whose message does not say it; else "". */
export function howTo(text: string, { code, message, start, length }: Diagnostic): string {
  const written = text.slice(start, start + length);
  switch (code) {
    case NOT_DYNAMIC:
      return /'dynamic'/.test(message)
        ? `Kusto groups, sorts and joins by no dynamic value: write tostring(${written}).`
        : '';
    case WRONG_NUMBER_OF_ARGUMENTS:
      return written === 'case' ? 'The last argument of case() is the value where no condition holds: add it.' : '';
    case EXPECTED_BOOL:
      return /^[\w.]+\s*=(?![=~])/.test(text.slice(start)) ? "'=' gives a name to a value. Did you mean '=='?" : '';
    case MISSING_TEXT:
      return text[start] === '\\' ? 'In a string a backslash is written \\\\, or the string has an @ before it.' : '';
    default:
      return '';
  }
}

/** Without the errors on the line of a string that is not closed, behind it: the parser took the rest of the string for something else. */
export function untilBrokenString(text: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const broken = diagnostics.find(({ code, message }) => code === MISSING_TEXT && /["']$/.test(message));
  if (!broken) return [...diagnostics];
  const lineEnd = text.indexOf('\n', broken.start);
  const end = lineEnd < 0 ? text.length : lineEnd;
  return diagnostics.filter((other) => other === broken || other.start < broken.start || other.start > end);
}

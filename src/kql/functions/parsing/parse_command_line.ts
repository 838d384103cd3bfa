import { invalid } from '../../errors';
import { defineFunction } from '../define';

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/**
 * Windows' CommandLineToArgvW. The program name is read without escapes. After it 2n backslashes and a quote are n backslashes and
 * the end or start of a quotation, 2n+1 are n backslashes and a quote; two quotes inside a quotation are one.
 */
function commandLine(text: string): string[] {
  const args: string[] = [];
  let at = 0;
  if (text !== '' && !isBlank(text[0])) {
    const quoted = text[0] === '"';
    const start = quoted ? 1 : 0;
    at = start;
    while (at < text.length && (quoted ? text[at] !== '"' : !isBlank(text[at]))) at++;
    args.push(text.slice(start, at));
    if (quoted) at++;
  }
  for (;;) {
    while (isBlank(text[at])) at++;
    if (at >= text.length) return args;
    let argument = '';
    let quoted = false;
    while (at < text.length && (quoted || !isBlank(text[at]))) {
      let slashes = 0;
      while (text[at] === '\\') {
        slashes++;
        at++;
      }
      if (text[at] !== '"') {
        argument += '\\'.repeat(slashes);
        if (at < text.length && (quoted || !isBlank(text[at]))) argument += text[at++];
        continue;
      }
      argument += '\\'.repeat(slashes >> 1);
      if (slashes % 2 === 1) argument += '"';
      else if (quoted && text[at + 1] === '"') {
        argument += '"';
        at++;
      } else quoted = !quoted;
      at++;
    }
    args.push(argument);
  }
}

/** The arguments of a command line; the only parser is "windows". Null for an empty text. */
export const parseCommandLine = defineFunction({
  name: 'parse_command_line',
  docs: 'parse-command-line-function',
  params: ['string', 'string'],
  returns: 'dynamic',
  bind([, parser]) {
    if (parser!.constant && parser!.value !== 'windows') {
      throw invalid("parse_command_line() knows the parser 'windows' only");
    }
    return (text: string, name: string) => (text === '' || name !== 'windows' ? null : commandLine(text));
  },
});

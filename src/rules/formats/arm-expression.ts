import { isRecord } from '../check-shape';
import type { PlainValue } from '../yaml-file';

/** What a template's expressions may name. */
export interface ArmScope {
  readonly parameters: PlainValue;
  readonly variables: PlainValue;
}

const MAX_DEPTH = 20;

/**
 * The text that a string of an ARM template stands for: `[[` begins a text with a bracket, `[…]` is an expression. Of those, texts, `concat`,
 * `parameters('x')` (its default value) and `variables('x').y` are worked out; undefined: another one, known when it is deployed.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
 */
export function armText(text: string, scope: ArmScope, depth = 0): string | undefined {
  if (text.startsWith('[[')) return text.slice(1);
  if (!text.startsWith('[') || !text.endsWith(']')) return text;
  if (depth > MAX_DEPTH) return undefined;
  return new Reader(text.slice(1, -1), scope, depth).whole();
}

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly scope: ArmScope,
    private readonly depth: number,
  ) {}

  whole(): string | undefined {
    const value = this.value();
    this.blanks();
    return this.at === this.text.length ? value : undefined;
  }

  private value(): string | undefined {
    this.blanks();
    if (this.text[this.at] === "'") return this.literal();
    const name = /^[A-Za-z]\w*/.exec(this.text.slice(this.at))?.[0];
    if (name === undefined) return undefined;
    this.at += name.length;
    const args = this.args();
    const properties = this.properties();
    const [first] = args ?? [];
    switch (args && name.toLowerCase()) {
      case 'concat':
        return properties.length > 0 || args!.includes(undefined) ? undefined : args!.join('');
      case 'parameters':
        return first === undefined
          ? undefined
          : this.found(this.scope.parameters, [first, 'defaultValue', ...properties]);
      case 'variables':
        return first === undefined ? undefined : this.found(this.scope.variables, [first, ...properties]);
      default:
        return undefined;
    }
  }

  /** Arguments; undefined where they do not end. What cannot be worked out is undefined among them. */
  private args(): (string | undefined)[] | undefined {
    this.blanks();
    if (this.text[this.at] !== '(') return undefined;
    this.at++;
    const args: (string | undefined)[] = [];
    for (;;) {
      this.blanks();
      if (this.text[this.at] === ')') break;
      const before = this.at;
      args.push(this.value());
      this.blanks();
      if (this.text[this.at] === ',') this.at++;
      else if (this.text[this.at] !== ')' || this.at === before) return undefined;
    }
    this.at++;
    return args;
  }

  private properties(): string[] {
    const found: string[] = [];
    for (;;) {
      const next = /^\s*\.\s*([A-Za-z_]\w*)/.exec(this.text.slice(this.at));
      if (!next) return found;
      found.push(next[1]!);
      this.at += next[0].length;
    }
  }

  private literal(): string | undefined {
    const match = /^'((?:[^']|'')*)'/.exec(this.text.slice(this.at));
    if (!match) return undefined;
    this.at += match[0].length;
    return match[1]!.replaceAll("''", "'");
  }

  private found(value: PlainValue, path: readonly string[]): string | undefined {
    let current: PlainValue | undefined = value;
    for (const name of path) current = isRecord(current) && Object.hasOwn(current, name) ? current[name] : undefined;
    return typeof current === 'string' ? armText(current, this.scope, this.depth + 1) : undefined;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}

import type { RegisteredFunction } from './core-module';

interface Route {
  fn: RegisteredFunction;
  methods: ReadonlySet<string> | undefined;
  pattern: RegExp;
  parameters: string[];
  /** Number of literal segments: the more, the earlier it is tried. */
  weight: number;
}

type RouteMatch = { fn: RegisteredFunction; params: Record<string, string> } | { fn: undefined; status: 404 | 405 };

/** The HTTP functions of an app by route, e.g. `rules/{id}` or `files/{*path}`, below the route prefix. */
export class HttpRoutes {
  readonly #routes: Route[] = [];
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix.replace(/^\/+|\/+$/g, '');
  }

  add(fn: RegisteredFunction): void {
    const { methods, route } = fn.trigger;
    const template = typeof route === 'string' ? route.replace(/^\/+|\/+$/g, '') : fn.metadata.name;
    const segments = [...(this.#prefix === '' ? [] : this.#prefix.split('/')), ...template.split('/').filter(Boolean)];
    const parameters: string[] = [];
    const pattern = segments.map((segment) => segmentPattern(segment, parameters)).join('');
    this.#routes.push({
      fn,
      methods:
        Array.isArray(methods) && methods.length > 0 ? new Set(methods.map((m) => String(m).toUpperCase())) : undefined,
      pattern: new RegExp(`^${pattern}/?$`, 'i'),
      parameters,
      weight: segments.length - parameters.length,
    });
    this.#routes.sort((a, b) => b.weight - a.weight);
  }

  get isEmpty(): boolean {
    return this.#routes.length === 0;
  }

  match(method: string, path: string): RouteMatch {
    let status: 404 | 405 = 404;
    for (const { fn, methods, pattern, parameters } of this.#routes) {
      const found = pattern.exec(path);
      if (!found) continue;
      if (methods && !methods.has(method)) {
        status = 405;
        continue;
      }
      const values = parameters.map((name, i) => [name, decode(found[i + 1] ?? '')] as const);
      return { fn, params: Object.fromEntries(values.filter(([, value]) => value !== '')) };
    }
    return { fn: undefined, status };
  }
}

function segmentPattern(segment: string, parameters: string[]): string {
  const parameter = /^\{(\*?)([A-Za-z_]\w*)(:[^}]*)?(\?)?\}$/.exec(segment);
  if (!parameter) return `/${segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
  const [, catchAll, name = '', constraint = '', optional] = parameter;
  parameters.push(name);
  if (catchAll) return '(?:/(.*))?';
  const value = constraint === ':int' ? '-?\\d+' : '[^/]+';
  return optional || constraint.endsWith('?') ? `(?:/(${value}))?` : `/(${value})`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not valid percent-encoding: the text as it came.
    return text;
  }
}

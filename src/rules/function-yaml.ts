import { isRecord } from './check-shape';
import { bodyOf } from './function-text';
import type { Path, PlainValue } from './yaml-file';

type Written = Readonly<Record<string, PlainValue>>;

export interface FunctionYaml {
  /** The function's own name, and others that it goes by: at least one. */
  readonly names: readonly string[];
  readonly parameters: string;
  readonly body: string;
}

/** What is wrong with such a file, and where. */
export interface FunctionFault {
  readonly fault: string;
  readonly at: Path;
}

/** Where a function's names stand: the parser's own, the built-in one that it equals, and what other functions are called by. */
const NAME_FIELDS = ['ParserName', 'FunctionAlias', 'FunctionName', 'EquivalentBuiltInParser'] as const;
const QUERY_FIELDS = ['ParserQuery', 'FunctionQuery'] as const;
const PARAMETER_FIELDS = ['ParserParams', 'FunctionParams', 'FunctionParameters'] as const;

const IDENTIFIER = /^[A-Za-z_]\w*$/;
const SCALAR_TYPE = /^(string|bool|boolean|int|long|real|double|decimal|datetime|date|timespan|time|dynamic|guid)$/i;
/** `table`, `table:(*)`, `(*)`, `(x:string)`. */
const TABLE_TYPE = /^(?:table|tabular)?\s*:?\s*(\(.*\))?$/is;

/**
 * A function from the YAML that Azure-Sentinel keeps: `ParserName`, `EquivalentBuiltInParser`, `ParserParams` (each with `Name`, `Type` and
 * `Default`) and `ParserQuery`, or `FunctionName`, `FunctionAlias` and `FunctionQuery`.
 */
export function readFunctionYaml(written: Written): FunctionYaml | FunctionFault {
  const queryField = QUERY_FIELDS.find((field) => typeof written[field] === 'string') ?? QUERY_FIELDS[0];
  const query = written[queryField];
  if (typeof query !== 'string' || query.trim() === '')
    return { fault: `"${queryField}" is empty: it must be the query of the function.`, at: [queryField] };
  const names = NAME_FIELDS.map((field) => written[field]).filter(
    (name): name is string => typeof name === 'string' && IDENTIFIER.test(name),
  );
  if (names.length === 0)
    return { fault: `The function has no name that a query can call it by: give it a "${NAME_FIELDS[0]}".`, at: [] };
  const field = PARAMETER_FIELDS.find((each) => written[each] !== undefined && written[each] !== null);
  const parameters = field ? readParameters(written[field]!, field) : '()';
  if (typeof parameters !== 'string') return parameters;
  return { names: [...new Set(names)], parameters, body: bodyOf(query) };
}

/** `(name:type=default, …)`. */
function readParameters(list: PlainValue, field: string): string | FunctionFault {
  // A function exported from the portal has its parameters as one text.
  if (typeof list === 'string') return `(${list.trim().replace(/^\(([\s\S]*)\)$/, '$1')})`;
  if (!Array.isArray(list)) return { fault: `"${field}" must be a list of parameters.`, at: [field] };
  const texts: string[] = [];
  for (const [i, item] of list.entries()) {
    const text = isRecord(item) ? readParameter(item) : undefined;
    if (text === undefined)
      return {
        fault: `Parameter ${i + 1} must have a "Name" (an identifier) and a "Type" (such as string, dynamic or datetime).`,
        at: [field, i],
      };
    texts.push(text);
  }
  return `(${texts.join(', ')})`;
}

function readParameter(item: Written): string | undefined {
  const { Name: name, Type: type, Default: value } = item;
  if (typeof name !== 'string' || typeof type !== 'string' || !IDENTIFIER.test(name)) return undefined;
  if (SCALAR_TYPE.test(type)) {
    const declared = `${name}:${type.toLowerCase()}`;
    if (typeof value !== 'string') return declared;
    // The default of a text is the text itself; of the other types it is an expression.
    return `${declared}=${/^string$/i.test(type) ? quoted(value) : value}`;
  }
  const table = TABLE_TYPE.exec(type.trim());
  return table && type.trim() !== '' ? `${name}:${table[1] ?? '(*)'}` : undefined;
}

/** A text as a literal; one that was written as a literal stays. */
const quoted = (text: string): string =>
  /^(['"])[^'"\\]*\1$/.test(text)
    ? text
    : `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}"`;

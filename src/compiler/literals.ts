import {
  convert,
  type Dynamic,
  DynamicScalar,
  dynamicReal,
  type Expr,
  encodeValue,
  parseDatetime,
  parseLong,
  parseReal,
  parseTimespan,
  type ScalarType,
  type Value,
} from '../kql';
import { elements, kindOf, literalText, type Node } from './kusto';

const LITERALS: Readonly<Record<string, ScalarType>> = {
  BooleanLiteralExpression: 'bool',
  IntLiteralExpression: 'int',
  LongLiteralExpression: 'long',
  RealLiteralExpression: 'real',
  DecimalLiteralExpression: 'decimal',
  StringLiteralExpression: 'string',
  CompoundStringLiteralExpression: 'string',
  DateTimeLiteralExpression: 'datetime',
  TimespanLiteralExpression: 'timespan',
  GuidLiteralExpression: 'guid',
};

export const literal = (value: Value, type: ScalarType): Extract<Expr, { k: 'lit' }> => ({
  k: 'lit',
  t: type,
  v: encodeValue(value, type),
});

/** In place of an expression that could not be translated, of which a problem was reported. */
export const NOTHING: Expr = literal(null, 'dynamic');

/**
 * A literal node → its value. The text of the token is read, never the library's LiteralValue: that rounds datetimes to the
 * millisecond in the machine's own time zone and loses hexadecimal, NaN and long timespans. undefined: not a literal.
 * `null` in `value`: a typed null or text that is no such value (`fault` then says so).
 */
export function literalValue(node: Node): { type: ScalarType; value: Value; fault?: string } | undefined {
  const type = LITERALS[kindOf(node)];
  if (!type) return undefined;
  if (type === 'string') return { type, value: String(node.LiteralValue) };
  const text = node.Token.ValueText.trim().replace(/^(["'])(.*)\1$/s, '$2');
  if (text === 'null' || text === '') return { type, value: null };
  const value = scalarFromText(text, type);
  return value === null ? { type, value, fault: `'${text}' is not a ${type}` } : { type, value };
}

function scalarFromText(text: string, type: ScalarType): Value {
  switch (type) {
    case 'datetime':
      return parseDatetime(text);
    case 'timespan':
      return parseTimespan(text);
    case 'long':
      return parseLong(text);
    case 'real':
      return parseReal(text);
    default:
      return convert(text, 'string', type);
  }
}

/** What stands in `dynamic(…)`: JSON, but with single quotes, typed literals and adjacent strings allowed. */
export function dynamicValue(node: Node): Dynamic {
  const kind = kindOf(node);
  switch (kind) {
    case 'JsonArrayExpression':
      return elements(node.Values).map(dynamicValue);
    case 'JsonObjectExpression': {
      const bag = new Map<string, Dynamic>();
      for (const pair of elements(node.Pairs)) bag.set(literalText(pair.Name.Text.trim()), dynamicValue(pair.Value));
      return bag;
    }
    case 'UnaryMinusExpression': {
      const value = dynamicValue(node.Expression);
      if (value instanceof DynamicScalar) return new DynamicScalar(value.type, -(value.value as number));
      return -(value as number);
    }
    case 'DynamicExpression':
      return dynamicValue(node.Expression);
    case 'NullLiteralExpression':
      return null;
    default: {
      const known = literalValue(node);
      if (!known || known.value === null) return null;
      switch (known.type) {
        case 'real':
          return dynamicReal(known.value as number);
        case 'datetime':
        case 'timespan':
        case 'guid':
        case 'decimal':
          return new DynamicScalar(known.type, known.value as DynamicScalar['value']);
        default:
          return known.value as Dynamic;
      }
    }
  }
}

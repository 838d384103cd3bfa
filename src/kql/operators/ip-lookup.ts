import { coerce } from '../calls';
import { invalid, KqlError } from '../errors';
import { maskIpv4, parseIpv4 } from '../functions/ip/support/ipv4';
import { maskIpv6, parseIpv6 } from '../functions/ip/support/ipv6';
import type { OpOf } from '../ir';
import type { Binder, DataBoundOperator, TableOperator } from '../prepared';
import type { Runtime } from '../runtime';
import { groupKey } from '../values/compare';
import type { Row, Schema, Table } from '../values/types';
import { defineOperator } from './define';
import { rightColumns } from './join-columns';

/** Addresses of one family: `network` is the text of an address's first bits. */
interface Family {
  parse(text: string): { readonly prefix: number; network(prefix: number): string } | null;
}

const IPV4: Family = {
  parse(text) {
    const ip = parseIpv4(text.trim());
    return ip && { prefix: ip.prefix, network: (prefix) => String(maskIpv4(ip.address, prefix)) };
  },
};
const IPV6: Family = {
  parse(text) {
    const ip = parseIpv6(text.trim());
    return ip && { prefix: ip.prefix, network: (prefix) => maskIpv6(ip.address, prefix).toString(16) };
  },
};

/**
 * https://learn.microsoft.com/kusto/query/ipv4-lookup-plugin and ipv6-lookup-plugin: a row with each row of the table whose network
 * holds its address and whose extra keys are equal. Matches come in the order of the table.
 */
export const ipLookup = defineOperator({
  name: 'ip-lookup',
  ignoresClock: true,
  expressions: (node) => [node.ip, ...node.extra.map((name) => ({ k: 'col', name }) as const)],
  keepsEmpty: () => true,
  bringsColumns: true,
  prepare(node, schema, bind): TableOperator | DataBoundOperator {
    const plan = bind.pipeline(node.right);
    if (!plan.schema) {
      return {
        kind: 'dataBound',
        run(rows, runtime): Table {
          const table = plan.run(runtime);
          const lookup = bindLookup(node, schema, table.schema, bind);
          return { schema: lookup.schema, rows: lookup.run(rows, table.rows, runtime) };
        },
      };
    }
    const lookup = bindLookup(node, schema, plan.schema, bind);
    return { kind: 'table', schema: lookup.schema, run: (rows, rt) => lookup.run(rows, plan.run(rt).rows, rt) };
  },
});

function bindLookup(node: OpOf<'ip-lookup'>, left: Schema, right: Schema, bind: Binder) {
  const family = node.family === 4 ? IPV4 : IPV6;
  const ip = coerce(bind.expr(node.ip, left), 'string');
  const network = coerce(bind.expr({ k: 'col', name: node.network }, right), 'string');
  const keysOf = (schema: Schema): ((row: Row) => string | null) => {
    const cells = node.extra.map((name) => {
      const index = schema.findIndex((column) => column.name === name);
      if (index < 0) throw invalid(`unknown column '${name}'`);
      return index;
    });
    const types = cells.map((index) => schema[index]!.type);
    return (row) =>
      cells.some((index) => row[index] === null)
        ? null
        : groupKey(
            cells.map((index) => row[index]!),
            types,
          );
  };
  const leftKey = keysOf(left);
  const rightKey = keysOf(right);
  const { columns, places, empty } = rightColumns(left, right, new Set(node.extra));

  return {
    schema: [...left, ...columns],
    run(rows: readonly Row[], table: readonly Row[], runtime: Runtime): Row[] {
      const prefixes = new Set<number>();
      const index = new Map<string, number[]>();
      table.forEach((row, i) => {
        const range = family.parse(network.eval(row, runtime) as string);
        const key = rightKey(row);
        if (!range || key === null) return;
        prefixes.add(range.prefix);
        const text = `${range.prefix} ${range.network(range.prefix)} ${key}`;
        const known = index.get(text);
        if (known) known.push(i);
        else index.set(text, [i]);
      });
      const result: Row[] = [];
      for (const row of rows) {
        const address = family.parse(ip.eval(row, runtime) as string);
        const key = leftKey(row);
        const matches =
          address && key !== null
            ? [...prefixes]
                .filter((prefix) => prefix <= address.prefix)
                .flatMap((prefix) => index.get(`${prefix} ${address.network(prefix)} ${key}`) ?? [])
                .sort((a, b) => a - b)
            : [];
        for (const i of matches) result.push([...row, ...places.map((place) => table[i]![place]!)]);
        if (matches.length === 0 && node.unmatched) result.push([...row, ...empty]);
        if (result.length > runtime.maxRows) {
          throw new KqlError('run', `ip lookup gives more than ${runtime.maxRows} rows`);
        }
      }
      return result;
    },
  };
}

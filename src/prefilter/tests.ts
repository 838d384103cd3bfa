import { TABLES_BY_COLUMNS } from '../row-messages';

/** A body of table rows as its tests see it. */
export interface RowsText {
  latin1: string;
  /** Values of a property wherever it stands, read once for all rules. */
  numbers: Map<string, NumberValues>;
}

interface NumberValues {
  /** Plain integers. */
  values: Set<number>;
  /** Some value is of another form: it may be any number. */
  any: boolean;
}

/** True if some row may have what is required. Equal keys, equal tests. */
export interface Test {
  key: string;
  test: (text: RowsText) => boolean;
}

/** Other names could stand in the message in more than one form. */
const isName = (name: string): boolean => /^[A-Za-z_][\w-]*$/.test(name);

/** The row says its table, or has a column by which the decoder tells it. */
export function tableTest(name: string): Test | undefined {
  if (!isName(name)) return undefined;
  const byColumns = TABLES_BY_COLUMNS.filter(([table]) => table === name).map(([, columns]) => `"${columns[0]}"`);
  const regex = new RegExp([`"Type"\\s*:\\s*"${name}"`, ...byColumns].join('|'));
  return { key: `table ${name}`, test: ({ latin1 }) => regex.test(latin1) };
}

/** Some property of this name has one of the values, or a value that is no plain integer. */
export function numberTest(column: string, values: readonly number[]): Test | undefined {
  if (!isName(column)) return undefined;
  const wanted = [...new Set(values)].sort((a, b) => a - b);
  const property = new RegExp(`"${column}"\\s*:\\s*"?([^",}\\]\\s]*)`, 'g');
  const test = ({ latin1, numbers }: RowsText): boolean => {
    const present = numbers.get(column) ?? numbersIn(latin1, property);
    numbers.set(column, present);
    return present.any || wanted.some((value) => present.values.has(value));
  };
  return { key: `number ${column} ${wanted.join()}`, test };
}

function numbersIn(latin1: string, property: RegExp): NumberValues {
  const found: NumberValues = { values: new Set(), any: false };
  for (const match of latin1.matchAll(property)) {
    const text = match[1]!;
    if (/^-?\d{1,15}$/.test(text)) found.values.add(Number(text));
    else if (text !== 'null') found.any = true;
  }
  return found;
}

const fragmentTests = new Map<string, Test>();

/** A fragment of `plainFragment` stands in the text, ASCII letters in either case. */
export function fragmentTest(fragment: string): Test {
  let known = fragmentTests.get(fragment);
  if (known === undefined) {
    const regex = new RegExp(fragment.replace(/[.$*?^|()-]/g, '\\$&'), 'i');
    known = { key: `fragment ${fragment}`, test: ({ latin1 }) => regex.test(latin1) };
    fragmentTests.set(fragment, known);
  }
  return known;
}

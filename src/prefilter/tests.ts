import { TABLES_BY_COLUMNS } from '../row-messages';
import { afterProperty } from './text';

/** A body of table rows as its tests see it. */
export interface RowsText {
  latin1: string;
  /** Values of a property wherever it stands, read once for all rules. */
  numbers: Map<string, NumberValues>;
}

interface NumberValues {
  /** Different plain integers. */
  values: number[];
  /** Some value is of another form, or there are too many: it may be any number. */
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
  const byColumns = TABLES_BY_COLUMNS.filter(([table]) => table === name).map(([, columns]) => columns[0]);
  const value = new RegExp(`\\s*:\\s*"${name}"`, 'y');
  const test = ({ latin1 }: RowsText): boolean =>
    byColumns.some((column) => afterProperty(latin1, column, () => true)) ||
    afterProperty(latin1, 'Type', (index) => {
      value.lastIndex = index;
      return value.test(latin1);
    });
  return { key: `table ${name}`, test };
}

/** Some property of this name has one of the values, or a value that is no plain integer. */
export function numberTest(column: string, values: readonly number[]): Test | undefined {
  if (!isName(column)) return undefined;
  const wanted = [...new Set(values)].sort((a, b) => a - b);
  const test = ({ latin1, numbers }: RowsText): boolean => {
    let present = numbers.get(column);
    if (present === undefined) {
      present = numbersIn(latin1, column);
      numbers.set(column, present);
    }
    const { any, values } = present;
    return any || wanted.some((value) => values.includes(value));
  };
  return { key: `number ${column} ${wanted.join()}`, test };
}

const VALUE = /\s*:\s*"?([^",}\]\s]*)/y;
/** More different values of a column in a message are not told apart. */
const MAX_VALUES = 64;
const PLAIN_INTEGER = /^-?\d{1,15}$/;

function numbersIn(latin1: string, property: string): NumberValues {
  const found: NumberValues = { values: [], any: false };
  afterProperty(latin1, property, (index) => {
    VALUE.lastIndex = index;
    const text = VALUE.exec(latin1)?.[1];
    if (text === undefined || text === 'null') return false;
    if (PLAIN_INTEGER.test(text) && found.values.length < MAX_VALUES) {
      if (!found.values.includes(Number(text))) found.values.push(Number(text));
    } else found.any = true;
    return found.any;
  });
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

import { meter } from '../meter';
import type { PreparedExpr } from '../prepared';
import type { Row, Value } from '../values/types';

type Eval = PreparedExpr['eval'];

/** What evaluations of one source row have given, and what they cost. One row at a time. */
export class Memo {
  /** Cells of the source, then one place for each evaluation; undefined: not evaluated yet. */
  private readonly row: Row = [];
  private readonly texts: number[] = [];
  private readonly steps: number[] = [];

  /** @param columns how many cells of the source come first */
  constructor(columns: number) {
    for (let i = 0; i < columns; i++) this.add();
  }

  /** Forgets the row before. */
  begin(): Row {
    return this.row.fill(UNKNOWN);
  }

  /** The evaluation, done at most once a row unless it throws. Whoever meets its result is charged what it cost. */
  once(evaluate: Eval): Eval {
    const place = this.add();
    const { texts, steps } = this;
    return (row, runtime) => {
      const known = row[place];
      if (known !== undefined) {
        if (texts[place] !== 0) meter.spendText(texts[place]!);
        if (steps[place] !== 0) meter.spendSteps(steps[place]!);
        return known;
      }
      const text = meter.text;
      const step = meter.stepsLeft;
      const value = evaluate(row, runtime);
      texts[place] = text - meter.text;
      steps[place] = step - meter.stepsLeft;
      row[place] = value;
      return value;
    };
  }

  private add(): number {
    this.texts.push(0);
    this.steps.push(0);
    return this.row.push(UNKNOWN) - 1;
  }
}

const UNKNOWN = undefined as unknown as Value;

import { ODD, type Scanner } from '../scan';
import { type Alternative, MAX_TEXTS } from './alternatives';

/** Legs by number. */
export type Legs = readonly number[];
export const NO_LEGS: Legs = [];

/** Numbers a set of texts, or finds the number that it has. */
export type SetNumbers = (texts: readonly string[]) => number;

interface Member {
  readonly leg: number;
  readonly numbers: readonly { readonly key: number; readonly values: ReadonlySet<number> }[];
  /** Of the texts that are looked for last: lists of which one must be there each. */
  readonly rest: readonly (readonly number[])[];
}

/** Of alternatives that nothing else tells apart, those that a record may come through by its texts and numbers. */
export class Candidates {
  /** Legs that any record may come through. */
  private readonly always: Legs;
  readonly all: Legs;
  private readonly first: number = -1;
  private readonly last: number = -1;
  /** By number of a text of the first set, who must have it or another of theirs. */
  private readonly byText: Member[][] = [];
  /** Some texts are said by XML, which may write them in other ways. */
  private readonly isXml: boolean;
  /** Those without texts, but with numbers. */
  private readonly untold: readonly Member[];

  constructor(alternatives: readonly Alternative[], keyOf: (column: string) => number | undefined, setOf: SetNumbers) {
    this.isXml = alternatives.some((one) => one.isXml);
    this.all = [...new Set(alternatives.map(({ leg }) => leg))];
    const always = new Set<number>();
    const untold: Member[] = [];
    const anchors = new Map<string, Member[]>();
    const rest = new Map<string, number>();
    for (const { leg, numbers, texts } of alternatives) {
      const known = numbers.flatMap(({ column, values }) => {
        const key = keyOf(column);
        return key === undefined ? [] : [{ key, values: new Set(values) }];
      });
      const [anchor, ...others] = texts;
      const member: Member = {
        leg,
        numbers: known,
        rest: others.map((list) =>
          list.map((text) => {
            if (!rest.has(text)) rest.set(text, rest.size);
            return rest.get(text)!;
          }),
        ),
      };
      if (anchor) for (const text of anchor) anchors.set(text, [...(anchors.get(text) ?? []), member]);
      else if (known.length > 0) untold.push(member);
      else always.add(leg);
    }
    if (anchors.size > MAX_TEXTS || rest.size > MAX_TEXTS) {
      this.always = this.all;
      this.untold = [];
      return;
    }
    this.always = [...always];
    this.untold = untold;
    if (anchors.size > 0) this.first = setOf([...anchors.keys()]);
    this.byText = [...anchors.values()];
    if (rest.size > 0) this.last = setOf([...rest.keys()]);
  }

  get isEmpty(): boolean {
    return this.all.length === 0;
  }

  /** The legs that the record last read may come through. `start`, `end`: the bytes that its texts stand in. */
  in(record: Scanner, start: number, end: number, hasNumbers = true): Legs {
    if (this.isXml && record.hasHidingMarkup(start, end)) return this.all;
    const found = this.first < 0 ? 0 : record.findIn(this.first, start, end);
    if (found === 0 && this.untold.length === 0) return this.always;
    const members = new Set<Member>(this.untold);
    for (let place = 0; place < found; place++)
      for (const member of this.byText[record.foundAt(place)]!) members.add(member);
    let legs: Set<number> | undefined;
    let present: Set<number> | undefined;
    for (const { leg, numbers, rest } of members) {
      if (hasNumbers && !numbers.every(({ key, values }) => mayBe(record.wholeNumber(key), values))) continue;
      if (rest.length > 0) {
        present ??= this.present(record, start, end);
        if (!rest.every((list) => list.some((text) => present!.has(text)))) continue;
      }
      legs ??= new Set(this.always);
      legs.add(leg);
    }
    return legs ? [...legs] : this.always;
  }

  private present(record: Scanner, start: number, end: number): Set<number> {
    const present = new Set<number>();
    const found = record.findIn(this.last, start, end);
    for (let place = 0; place < found; place++) present.add(record.foundAt(place));
    return present;
  }
}

const mayBe = (number: number, values: ReadonlySet<number>): boolean => number === ODD || values.has(number);

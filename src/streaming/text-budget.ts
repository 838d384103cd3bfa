import { KqlError } from '../kql';

/** How much text of a window's state is held in memory, over all its legs. */
export class TextBudget {
  private used = 0;
  private checkAt: number;
  private readonly measures: (() => number)[] = [];

  /** @param most characters */
  constructor(private readonly most: number) {
    this.checkAt = most;
  }

  /** `measure` gives the characters that one holder has in truth: merging may have made less of what it took. */
  measuredBy(measure: () => number): void {
    this.measures.push(measure);
  }

  /** Takes what is about to be held. Throws KqlError where it is too much; measuring costs as much as reading, so it is done seldom. */
  take(characters: number): void {
    this.used += characters;
    if (this.used <= this.checkAt) return;
    this.used = this.measures.reduce((sum, measure) => sum + measure(), characters);
    if (this.used > this.most)
      throw new KqlError(
        'run',
        `the window holds more than ${this.most} characters of rows and groups: filter earlier, or keep fewer columns`,
      );
    this.checkAt = this.used + Math.ceil(this.most / 4);
  }
}

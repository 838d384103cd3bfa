/** Groups that one leg remembers, and how long the text of one may be: a few hundred kilobytes at most. */
const MOST_GROUPS = 128;
const LONGEST_TEXT = 512;

/**
 * What was made of groups that were written last, by the text that they were written as: reading it back can be spared. A group is handed out
 * once, since whoever folds rows into it changes it; asked for again, it is read from its text.
 */
export class RecentGroups<G> {
  private readonly byText = new Map<string, G>();

  take(text: string): G | undefined {
    const known = this.byText.get(text);
    if (known !== undefined) this.byText.delete(text);
    return known;
  }

  keep(text: string, group: G): void {
    if (text.length > LONGEST_TEXT) return;
    if (this.byText.size >= MOST_GROUPS)
      for (const oldest of this.byText.keys()) {
        this.byText.delete(oldest);
        break;
      }
    this.byText.set(text, group);
  }
}

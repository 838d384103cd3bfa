import { PLAIN_PER_STEP } from '../../../meter';

/** A text as a regular expression reads it, which counts how often it is looked at and fails beyond a limit. */
export class CountedText extends String {
  steps = 0;

  constructor(
    private readonly text: string,
    private readonly limit: number,
    private readonly refusal: () => Error,
  ) {
    super(text);
  }

  override charCodeAt(at: number): number {
    if (++this.steps > this.limit) throw this.refusal();
    return this.text.charCodeAt(at);
  }

  override indexOf(wanted: string, from: number): number {
    const at = this.text.indexOf(wanted, from);
    this.steps += Math.ceil(((at < 0 ? this.text.length : at) - from) / PLAIN_PER_STEP);
    if (this.steps > this.limit) throw this.refusal();
    return at;
  }
}

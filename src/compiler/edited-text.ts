/** A stretch of the edited text; together they cover it. */
interface Piece {
  /** Where it begins in the edited text. */
  readonly at: number;
  readonly length: number;
  /** Where it, or what it replaces, begins and ends in the original. */
  readonly from: number;
  readonly to: number;
  /** Whether it stands in the original, character by character. */
  readonly isWritten: boolean;
}

export interface Span {
  readonly start: number;
  readonly length: number;
}

/**
 * A query that was put right or written out before it is bound, with the way back to the text as it was written. Offsets are UTF-16 units.
 * Immutable: an edit gives another.
 */
export class EditedText {
  private constructor(
    readonly original: string,
    readonly text: string,
    private readonly pieces: readonly Piece[],
  ) {}

  static of(original: string): EditedText {
    const { length } = original;
    return new EditedText(original, original, [{ at: 0, length, from: 0, to: length, isWritten: true }]);
  }

  /** With other text in the place of a stretch of the edited text. */
  replace({ start, length }: Span, by: string): EditedText {
    const end = start + length;
    const from = this.originalOf(start);
    const to = Math.max(from, this.originalEndOf(end));
    const pieces = [
      ...this.cut(0, start),
      { at: start, length: by.length, from, to, isWritten: false },
      ...this.cut(end, this.text.length).map((piece) => ({ ...piece, at: piece.at + by.length - length })),
    ];
    return new EditedText(this.original, this.text.slice(0, start) + by + this.text.slice(end), pieces);
  }

  /** With blanks in a place: offsets stay, and line breaks. */
  blank({ start, length }: Span): EditedText {
    const blanks = this.text.slice(start, start + length).replace(/[^\r\n]/g, ' ');
    const text = this.text.slice(0, start) + blanks + this.text.slice(start + length);
    return new EditedText(this.original, text, this.pieces);
  }

  /** The place in the original of a place in the edited text. Of what was put in: where that was put. */
  originalOf(offset: number): number {
    const piece = this.pieces.find(({ at, length }) => at <= offset && offset < at + length);
    if (!piece) return this.original.length + offset - this.text.length;
    return piece.isWritten ? piece.from + offset - piece.at : piece.from;
  }

  /** The stretch of the original that a stretch of the edited text stands for; of length 0 where all of it was put in. */
  spanOf({ start, length }: Span): Span {
    const from = this.originalOf(start);
    return { start: from, length: length === 0 ? 0 : Math.max(0, this.originalEndOf(start + length) - from) };
  }

  /** As `originalOf`, of the end of a stretch: behind its last character. */
  private originalEndOf(end: number): number {
    if (end === 0) return 0;
    const piece = this.pieces.find(({ at, length }) => at < end && end <= at + length);
    if (!piece) return this.original.length + end - this.text.length;
    return piece.isWritten ? piece.from + end - piece.at : piece.to;
  }

  /** The pieces from one offset to another, those at the ends cut. */
  private cut(start: number, end: number): Piece[] {
    return this.pieces.flatMap((piece): Piece[] => {
      const at = Math.max(start, piece.at);
      const last = Math.min(end, piece.at + piece.length);
      if (at >= last) return [];
      const { from, to, isWritten } = piece;
      const own = isWritten ? { from: from + at - piece.at, to: from + last - piece.at } : { from, to };
      return [{ at, length: last - at, ...own, isWritten }];
    });
  }
}

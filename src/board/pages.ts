import * as z from 'zod/mini';

/** The page of a rule as the build wrote it, with the hash of the plan that it describes. */
export interface StoredPage {
  readonly hash: string;
  /** A RulePage of src/explain: whoever serves it does not look into it, and knows nothing of how it is made. */
  readonly page: { readonly id: string; readonly name: string };
}

const FORMAT = 1;

const FILE = z.object({
  format: z.literal(FORMAT),
  pages: z.array(z.object({ hash: z.string(), page: z.looseObject({ id: z.string(), name: z.string() }) })),
});

/** Text of `pages.json`, which lies beside the plan file. */
export const pagesText = (pages: readonly StoredPage[]): string => JSON.stringify({ format: FORMAT, pages });

/** Throws Error where it is no such text or was built for another version. */
export function parsePages(text: string): StoredPage[] {
  const parsed = FILE.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error("the pages are of another version: run 'outrider build'");
  return parsed.data.pages;
}

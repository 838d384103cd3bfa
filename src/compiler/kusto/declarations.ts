import type { Column } from '../../kql';

/** A table that queries may read. Open: columns it does not name may be used, of the type that their suffix says (`_s` string …), or dynamic. */
export interface TableDeclaration {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly open?: boolean;
}

/** A saved function: `parameters` with their parentheses, `body` with its braces. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
}

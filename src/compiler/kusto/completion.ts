import { type Database, globalsOf } from './database';
import { load } from './library';

export interface Completion {
  /** Where what is typed begins, UTF-16 units. */
  readonly from: number;
  readonly items: readonly CompletionItem[];
}

export interface CompletionItem {
  readonly label: string;
  /** What takes the place of what is typed, before the cursor and after it. */
  readonly apply: string;
  readonly after: string;
  /** `Column`, `Table`, `ScalarFunction`, `Keyword` … as Microsoft's service names them. */
  readonly kind: string;
}

const MOST = 500;

interface EditorLibrary {
  readonly Editor: {
    readonly KustoCodeService: {
      readonly $ctor1: new (
        text: string,
        globals: unknown,
      ) => {
        GetCompletionItems(position: number): {
          readonly EditStart: number;
          readonly Items: { readonly Count: number; getItem(index: number): EditorItem };
        };
      };
    };
    readonly CompletionKind: Record<string, number | string>;
  };
}

interface EditorItem {
  readonly Kind: number;
  readonly DisplayText: string;
  readonly BeforeText: string | null;
  readonly AfterText: string | null;
}

/** What may stand at a place of a query, by Microsoft's language service. `database`: from `createDatabase`. */
export function completionsAt(text: string, position: number, database: Database): Completion {
  const { Editor } = load().library as unknown as EditorLibrary;
  let found: ReturnType<InstanceType<EditorLibrary['Editor']['KustoCodeService']['$ctor1']>['GetCompletionItems']>;
  try {
    found = new Editor.KustoCodeService.$ctor1(text, globalsOf(database)).GetCompletionItems(position);
  } catch {
    // The service throws on some half-written queries: there is nothing to offer then.
    return { from: position, items: [] };
  }
  const kinds = new Map(Object.entries(Editor.CompletionKind).map(([name, value]) => [value, name]));
  const items: CompletionItem[] = [];
  for (let i = 0; i < Math.min(found.Items.Count, MOST); i++) {
    const { Kind, DisplayText, BeforeText, AfterText } = found.Items.getItem(i);
    items.push({
      label: DisplayText,
      apply: BeforeText ?? DisplayText,
      after: AfterText ?? '',
      kind: kinds.get(Kind) ?? '',
    });
  }
  return { from: found.EditStart, items };
}

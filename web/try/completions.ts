import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { CompletionView } from '../../src/board/types';
import { apiPath, postJson } from '../lib/api';
import { visible } from '../lib/hostile';

const WORD = /[\w.$]*$/;

/** What may stand where the cursor is. */
export async function completions(context: CompletionContext): Promise<CompletionResult | null> {
  const query = context.state.doc.toString();
  const line = context.state.doc.lineAt(context.pos);
  const typed = WORD.exec(query.slice(line.from, context.pos))?.[0] ?? '';
  const after = query.slice(line.from, context.pos);
  if (!context.explicit && typed === '' && !/[|(,] ?$/.test(after)) return null;
  let found: CompletionView;
  try {
    found = await postJson<CompletionView>(apiPath('complete'), { query, position: context.pos });
  } catch {
    return null;
  }
  if (context.aborted || found.items.length === 0) return null;
  const options = found.items.map(
    ({ label, apply, after: rest, kind }, i): Completion => ({
      label: visible(label),
      detail: kind.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(),
      // Microsoft's service has put them in order.
      boost: -Math.min(99, i / 5),
      apply: (view, _, from, to) =>
        view.dispatch({
          changes: { from, to, insert: apply + rest },
          selection: { anchor: from + apply.length },
        }),
    }),
  );
  return { from: found.from, options, validFor: /^[\w$]*$/ };
}

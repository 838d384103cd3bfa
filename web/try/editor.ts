import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, linter, lintKeymap } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { CheckView } from '../../src/board/types';
import { apiPath, postJson } from '../lib/api';
import { visible } from '../lib/hostile';
import { completions } from './completions';
import { highlight, look } from './editor-look';
import { kql } from './kql-words';
import { typedOver } from './typed-over';

export interface Editor {
  destroy(): void;
}

export interface EditorHandlers {
  onText(text: string): void;
  onProblems(problems: CheckView['problems']): void;
  onRun(): void;
}

/** How long somebody must pause before the query is checked, ms. */
const PAUSE = 250;

/** An editor for KQL. What may be written and what is wrong is asked of the board: Microsoft's language service answers there. */
export function createEditor(root: ShadowRoot, text: string, handlers: EditorHandlers): Editor {
  const check = async (view: EditorView): Promise<Diagnostic[]> => {
    const query = view.state.doc.toString();
    let found: CheckView;
    try {
      found = await postJson<CheckView>(apiPath('check'), { query });
    } catch {
      // Whoever runs the query is told why.
      return [];
    }
    handlers.onProblems(found.problems);
    return found.problems.map(({ start, length, severity, message, code }) => ({
      from: Math.min(start, query.length),
      to: Math.min(Math.max(start + 1, start + length), query.length),
      severity,
      message: `${visible(message)} (${code})`,
    }));
  };
  const run = (): boolean => {
    handlers.onRun();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        // Control and bidirectional characters of a query are shown.
        highlightSpecialChars(),
        typedOver,
        bracketMatching(),
        closeBrackets(),
        StreamLanguage.define(kql),
        syntaxHighlighting(highlight),
        autocompletion({ override: [completions], icons: false }),
        linter(check, { delay: PAUSE }),
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
        // Tab stays what leads out of the editor.
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': 'Query in KQL', spellcheck: 'false' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) handlers.onText(update.state.doc.toString());
        }),
        EditorView.lineWrapping,
        look,
      ],
    }),
  });
  return { destroy: () => view.destroy() };
}

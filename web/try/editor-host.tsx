import { useEffect, useRef, useState } from 'preact/hooks';
import type { CheckView } from '../../src/board/types';
import { useShared } from '../lib/signal';
import { theme } from '../lib/theme';
import type { Editor } from './editor';

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onProblems: (problems: CheckView['problems']) => void;
  readonly onRun: () => void;
}

/** Loads the editor when somebody comes to write. It lives in a shadow root: its styles are sheets of that, and no element of the page. */
export function EditorHost({ text, onText, onProblems, onRun }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const handlers = useRef({ onText, onProblems, onRun });
  handlers.current = { onText, onProblems, onRun };
  const [fault, setFault] = useState<string>();
  const chosen = useShared(theme);
  useEffect(() => {
    let editor: Editor | undefined;
    let gone = false;
    import('./editor').then(
      ({ createEditor }) => {
        if (gone || !host.current) return;
        const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
        editor = createEditor(root, text, {
          onText: (next) => handlers.current.onText(next),
          onProblems: (problems) => handlers.current.onProblems(problems),
          onRun: () => handlers.current.onRun(),
        });
      },
      () => setFault('The editor could not be loaded.'),
    );
    return () => {
      gone = true;
      editor?.destroy();
    };
  }, [text, chosen]);
  return (
    <>
      <div class="editor" ref={host} />
      {fault && <p role="alert">{fault}</p>}
    </>
  );
}

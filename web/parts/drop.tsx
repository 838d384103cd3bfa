import { useRef, useState } from 'preact/hooks';
import type { EventInput } from '../lib/api';
import { visible } from '../lib/hostile';
import { session } from '../lib/live';
import { useShared } from '../lib/signal';

interface Props {
  readonly onChoose: (input: EventInput) => void;
  readonly busy: boolean;
  readonly chosen?: string;
}

const KINDS = '.ndjson,.jsonl,.json,.log,.xml,.evtx,.gz';

/** Where files with events are dropped or chosen; beside it the sample that is at hand. */
export function Drop({ onChoose, busy, chosen }: Props) {
  const [over, setOver] = useState(false);
  const [minutes, setMinutes] = useState(30);
  const input = useRef<HTMLInputElement>(null);
  const hasSample = useShared(session)?.hasSample === true;
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) onChoose(file);
  };
  return (
    <div
      class={over ? 'drop over' : 'drop'}
      role="group"
      aria-label="Events"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <span>
        {chosen === undefined
          ? 'Drop a file with events: NDJSON, JSON, XML or EVTX, also .gz'
          : `Events: ${visible(chosen)}`}
      </span>
      <span class="actions">
        <button type="button" disabled={busy} onClick={() => input.current?.click()}>
          Choose a file
        </button>
        {hasSample && (
          <span class="joined">
            <button type="button" disabled={busy} onClick={() => onChoose({ minutes })}>
              Use the last minutes
            </button>
            <select
              aria-label="Minutes"
              value={minutes}
              disabled={busy}
              onChange={(event) => setMinutes(Number(event.currentTarget.value))}
            >
              {[1, 5, 15, 30].map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </span>
        )}
      </span>
      <input
        type="file"
        hidden
        ref={input}
        accept={KINDS}
        aria-label="A file with events"
        onChange={() => {
          const file = input.current?.files?.[0];
          if (file) onChoose(file);
          if (input.current) input.current.value = '';
        }}
      />
    </div>
  );
}

import { useState } from 'preact/hooks';
import type { LetterView, ResentView } from '../../src/board/types';
import { apiPath, postJson } from '../lib/api';
import { bytes, time } from '../lib/format';
import { visible } from '../lib/hostile';
import { session } from '../lib/live';
import { href } from '../lib/router';
import { useShared } from '../lib/signal';
import { token } from '../lib/token';
import { useLoad } from '../lib/use-load';
import { Data } from '../parts/data';
import { TokenForm } from '../parts/header';
import { Fault, Panel } from '../parts/panel';

const OUTCOMES: Readonly<Record<string, string>> = {
  counted: 'It was counted.',
  'counted-before': 'It was counted before, and is removed.',
  'no-match': 'It was evaluated: no rule matches. It is removed.',
  partly: 'It was counted, but not by every rule.',
  failed: 'It still cannot be evaluated.',
  refused: 'It was refused.',
  missing: 'There is no such letter any more.',
};

interface Props {
  readonly id: string;
  readonly onResent: () => void;
}

/** One letter with its record, and another try where writing is allowed. */
export function LetterPanel({ id, onResent }: Props) {
  const { data, error } = useLoad<LetterView>(apiPath('letters', id));
  const [outcome, setOutcome] = useState<ResentView>();
  return (
    <Panel title="Dead letter" aside={<a href={href('letters')}>Close</a>} class="letter">
      {outcome && (
        <p class={outcome.outcome === 'failed' || outcome.outcome === 'refused' ? 'fault' : 'note'} role="status">
          {OUTCOMES[outcome.outcome] ?? outcome.outcome} {outcome.detail && <Data text={outcome.detail} most={500} />}
          {outcome.corrects && ' Its window has run: the next flush corrects it.'}
        </p>
      )}
      {!outcome && <Fault text={error} />}
      {data && (
        <>
          <dl class="facts">
            <div>
              <dt>Reason</dt>
              <dd>{visible(data.reason)}</dd>
            </div>
            <div>
              <dt>Detail</dt>
              <dd>
                <Data text={data.detail} most={2_000} />
              </dd>
            </div>
            {data.ruleId !== undefined && (
              <div>
                <dt>Rule</dt>
                <dd>
                  <a href={href('rules', data.ruleId)}>
                    <Data text={data.ruleId} />
                  </a>
                </dd>
              </div>
            )}
            <div>
              <dt>Position</dt>
              <dd>
                <Data text={data.source} most={120} />, partition <Data text={data.partition} />, message{' '}
                {data.sequenceNumber}, record {data.record}
              </dd>
            </div>
            <div>
              <dt>Taken in</dt>
              <dd>{time(data.enqueuedTime)}</dd>
            </div>
            <div>
              <dt>Size</dt>
              <dd>
                {bytes(data.length)}
                {data.isWholeMessage && ', a whole message: its other records have been evaluated'}
              </dd>
            </div>
          </dl>
          {data.isBinary && <p class="muted">It is no text: its bytes in hexadecimal.</p>}
          <pre class="body" tabIndex={0} role="region" aria-label="The record">
            <Data text={data.body} lines most={65_536} />
          </pre>
          {data.isCut && <p class="muted">This is the first of it: the download is whole.</p>}
          <p class="actions">
            <a class="button" href={apiPath('letter-bodies', id)} download="dead-letter.txt">
              Download as text
            </a>
            <Resend letter={data} onOutcome={setOutcome} onResent={onResent} />
          </p>
        </>
      )}
    </Panel>
  );
}

interface ResendProps extends Pick<Props, 'onResent'> {
  readonly letter: LetterView;
  readonly onOutcome: (outcome: ResentView) => void;
}

function Resend({ letter, onOutcome, onResent }: ResendProps) {
  const canWrite = useShared(session)?.canWrite === true;
  const has = useShared(token) !== '';
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  if (!canWrite) return <span class="muted">This board only reads.</span>;
  const send = async (): Promise<void> => {
    if (!has) return setAsks(true);
    setBusy(true);
    setFault(undefined);
    try {
      const accept = { acceptLate: letter.reason === 'too-late', acceptAhead: letter.reason === 'too-early' };
      const { results } = await postJson<{ results: readonly ResentView[] }>(apiPath('resend'), {
        ids: [letter.id],
        ...accept,
      });
      const [outcome] = results;
      if (outcome) onOutcome(outcome);
      onResent();
    } catch (error) {
      setFault((error as Error).message);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="primary" disabled={busy} onClick={() => void send()}>
        {busy ? 'Sending …' : 'Evaluate it again'}
      </button>
      {asks && !has && <TokenForm onDone={() => setAsks(false)} />}
      <Fault text={fault} />
    </>
  );
}

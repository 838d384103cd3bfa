import { useState } from 'preact/hooks';
import tactics from '../../src/rules/catalogue/mitre-tactics.json';
import { apiPath, type EventInput, postWithEvents } from '../lib/api';
import { visible } from '../lib/hostile';
import { useShared } from '../lib/signal';
import { token } from '../lib/token';
import { TokenForm } from '../parts/header';
import { Fault, Panel } from '../parts/panel';

interface Props {
  readonly query: () => string;
  readonly input: EventInput | undefined;
}

/** Writes the query as a rule, with a test of events that it was tried on. */
export function SaveForm({ query, input }: Props) {
  const [name, setName] = useState('');
  const [severity, setSeverity] = useState('Medium');
  const [tactic, setTactic] = useState('');
  const [technique, setTechnique] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [saved, setSaved] = useState<{ rule: string; test: string }>();
  const has = useShared(token) !== '';
  const save = async (): Promise<void> => {
    if (!input) return setFault('Choose events first, for its test: drop a file above.');
    setBusy(true);
    setFault(undefined);
    setSaved(undefined);
    try {
      const draft = { name, query: query(), severity, tactic, technique: technique.trim() };
      setSaved(await postWithEvents(apiPath('save'), draft, input));
    } catch (error) {
      setFault((error as Error).message);
    }
    setBusy(false);
  };
  return (
    <Panel title="Save as a rule" aside={<span class="muted">with a test of the events that it was tried on</span>}>
      {has ? (
        <form
          class="save"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <label>
            Name
            <input required value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
          <label>
            Severity
            <select value={severity} onChange={(event) => setSeverity(event.currentTarget.value)}>
              {['High', 'Medium', 'Low', 'Informational'].map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <label>
            Tactic
            <select value={tactic} onChange={(event) => setTactic(event.currentTarget.value)}>
              <option value="">none</option>
              {tactics.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.title}
                </option>
              ))}
            </select>
          </label>
          <label>
            Technique
            <input
              placeholder="T1021.003"
              value={technique}
              onInput={(event) => setTechnique(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary" disabled={busy}>
            {busy ? 'Saving …' : 'Save'}
          </button>
        </form>
      ) : (
        <TokenForm onDone={() => undefined} />
      )}
      <Fault text={fault} />
      {saved && (
        <p class="note" role="status">
          Saved: <code>{visible(saved.rule)}</code> and <code>{visible(saved.test)}</code>. It runs after the next{' '}
          <code>outrider build</code>.
        </p>
      )}
    </Panel>
  );
}

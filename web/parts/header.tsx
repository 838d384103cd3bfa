import { useState } from 'preact/hooks';
import { clock } from '../lib/format';
import { visible } from '../lib/hostile';
import { link, now, session } from '../lib/live';
import { href } from '../lib/router';
import { useShared } from '../lib/signal';
import { nextTheme, theme } from '../lib/theme';
import { setToken, token } from '../lib/token';
import { Status } from './pills';

const HOSTS = { local: 'on this machine', remote: 'read from its storage', app: 'served by the app' } as const;
const LINKS = { connecting: 'connecting', live: 'live', polled: 'every 5 s', lost: 'no answer' } as const;

export function Header() {
  const about = useShared(session);
  const view = useShared(now);
  const state = useShared(link);
  const chosen = useShared(theme);
  return (
    <header class="top">
      <a class="brand" href={href('now')}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" />
          <path d="M6 20h5l3-9 5 13 3-8h4" />
        </svg>
        Outrider
      </a>
      <span class="where">
        {about && (
          <>
            <b>{visible(about.name)}</b> <span class="muted">{HOSTS[about.host]}</span>
          </>
        )}
      </span>
      <span class="spring" />
      {view && <Status status={view.health.status} />}
      <span class={`link ${state}`} role="status">
        {LINKS[state]}
        {view && state !== 'lost' && <span class="muted clock"> {clock(view.at)} UTC</span>}
      </span>
      {(about?.canWrite || about?.canSave) && <TokenButton />}
      <button type="button" class="quiet" onClick={nextTheme} aria-label={`Colours: ${chosen}. Change`}>
        {chosen === 'system' ? '◐' : chosen === 'light' ? '☀' : '☾'}
      </button>
    </header>
  );
}

function TokenButton() {
  const [open, setOpen] = useState(false);
  const has = useShared(token) !== '';
  return (
    <span class="token">
      <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {has ? 'Writing' : 'Read-only'}
      </button>
      {open && <TokenForm onDone={() => setOpen(false)} />}
    </span>
  );
}

/** The token that the terminal printed: for this tab alone. */
export function TokenForm({ onDone }: { readonly onDone: () => void }) {
  const [text, setText] = useState(token.value);
  return (
    <form
      class="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        setToken(text);
        onDone();
      }}
    >
      <label>
        Token that the terminal printed
        <input
          type="password"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Use it</button>
    </form>
  );
}

import { useEffect } from 'preact/hooks';
import { visible } from './lib/hostile';
import { follow, session } from './lib/live';
import { href, place } from './lib/router';
import { useShared } from './lib/signal';
import { AlertPage } from './pages/alert';
import { AlertsPage } from './pages/alerts';
import { AttackPage } from './pages/attack';
import { LettersPage } from './pages/letters';
import { NowPage } from './pages/now';
import { RulePage } from './pages/rule';
import { RulesPage } from './pages/rules';
import { TryPage } from './pages/try';
import { Header } from './parts/header';

const PLACES = [
  ['now', 'Now'],
  ['rules', 'Rules'],
  ['alerts', 'Alerts'],
  ['attack', 'ATT&CK'],
  ['try', 'Try'],
  ['letters', 'Dead letters'],
] as const;

let follows = false;

export function App() {
  const at = useShared(place);
  const about = useShared(session);
  useEffect(() => {
    if (!follows) void follow();
    follows = true;
  }, []);
  const [name = 'now'] = at[0] === '' ? ['now'] : at;
  const places = PLACES.filter(([key]) => key !== 'try' || about?.hasWorkbench !== false);
  const title = places.find(([key]) => key === name)?.[1] ?? 'Outrider';
  useEffect(() => {
    document.title = about ? `${title} · ${visible(about.name)} · Outrider` : 'Outrider';
  }, [title, about]);
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the page
      </button>
      <Header />
      <nav aria-label="Pages">
        {places.map(([key, text]) => (
          <a key={key} href={href(key)} aria-current={key === name ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </nav>
      <main id="page" tabIndex={-1}>
        <Page name={name} at={at} />
      </main>
    </>
  );
}

/** The address is the place: a plain link to an anchor would leave it. */
function skip(): void {
  document.getElementById('page')?.focus();
}

function Page({ name, at }: { readonly name: string; readonly at: readonly string[] }) {
  const [, first, second, third] = at;
  switch (name) {
    case 'rules':
      return first ? <RulePage id={first} /> : <RulesPage />;
    case 'alerts':
      return first && second && third ? (
        <AlertPage ruleId={first} end={second} id={third} />
      ) : (
        <AlertsPage ruleId={first} />
      );
    case 'attack':
      return <AttackPage />;
    case 'try':
      return <TryPage ruleId={first} />;
    case 'letters':
      return <LettersPage id={first} />;
    default:
      return <NowPage />;
  }
}

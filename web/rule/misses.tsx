import type { FunnelResult } from '../../cli/explain/funnel';
import { isoTime, plural } from '../lib/format';
import { visible } from '../lib/hostile';
import { Data } from '../parts/data';
import { Empty, Panel } from '../parts/panel';

/** Events that fail one predicate and no other: where a rule may be looking past what it is for. */
export function Misses({ funnel }: { readonly funnel: FunnelResult }) {
  const predicates = funnel.branches
    .flatMap(({ stages }) => stages.flatMap((stage) => stage.predicates))
    .filter(({ onlyMiss }) => onlyMiss > 0);
  return (
    <Panel title="Nearest misses" aside={<span class="muted">events that fail one predicate and no other</span>}>
      {predicates.length === 0 ? (
        <Empty>None: no event fails a single predicate.</Empty>
      ) : (
        <ul class="misses">
          {predicates.map(({ number, text, onlyMiss, misses }) => (
            <li key={number}>
              <p>
                <b>{number}</b>{' '}
                <code>
                  <Data text={text} />
                </code>{' '}
                <span class="muted">{plural(onlyMiss, 'event')}</span>
              </p>
              <ul>
                {misses.map(({ time, computer, values, difference }, i) => (
                  <li key={i}>
                    <span class="muted">
                      {isoTime(visible(time)).slice(0, 23)} <Data text={computer} most={100} />
                    </span>
                    {Object.entries(values).map(([name, value]) => (
                      <div class="mono" key={name}>
                        <Data text={name} /> = <Data text={value} most={500} />
                      </div>
                    ))}
                    {difference && (
                      <p class="difference">
                        It <Data text={difference.text} most={300} />
                      </p>
                    )}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

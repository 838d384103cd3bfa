import { cell } from '../lib/format';
import { visible } from '../lib/hostile';
import { Data } from '../parts/data';
import { Empty } from '../parts/panel';
import type { AlertRecord } from './record';

interface Props {
  readonly entities: AlertRecord['Entities'];
  readonly details: AlertRecord['CustomDetails'];
}

/** What the alert is about: hosts, accounts, processes, and what the rule wanted to be seen. */
export function Entities({ entities, details }: Props) {
  const named = Object.entries(details ?? {});
  if (entities.length === 0 && named.length === 0) return <Empty>The rule maps no entities.</Empty>;
  return (
    <ul class="entities">
      {entities.map((entity) => (
        <li key={entity.$id}>
          <b>{visible(entity.Type)}</b>
          <dl>
            {Object.entries(entity)
              .filter(([name]) => name !== '$id' && name !== 'Type')
              .map(([name, value]) => (
                <div key={name}>
                  <dt>
                    <Data text={name} most={60} />
                  </dt>
                  <dd class="mono">{referred(value, entities) ?? <Data text={cell(value)} most={500} />}</dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
      {named.map(([name, values]) => (
        <li key={`detail ${name}`}>
          <b>detail</b>
          <dl>
            <div>
              <dt>
                <Data text={name} most={60} />
              </dt>
              <dd class="mono">
                <Data text={values.join(', ')} most={500} />
              </dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** A reference to another entity, in words. */
function referred(value: unknown, entities: AlertRecord['Entities']): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('$ref' in value)) return undefined;
  const other = entities.find(({ $id }) => $id === (value as { $ref: unknown }).$ref);
  const name = other?.HostName ?? other?.Name ?? other?.Address;
  return other ? `${visible(other.Type)}${typeof name === 'string' ? ` ${visible(name)}` : ''}` : undefined;
}

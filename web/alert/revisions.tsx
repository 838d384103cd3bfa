import { isoTime } from '../lib/format';
import { visible } from '../lib/hostile';
import { Data } from '../parts/data';
import { changesBetween } from './changes';
import type { AlertRecord } from './record';

interface Props {
  readonly revisions: readonly AlertRecord[];
  readonly chosen: number;
  readonly onChoose: (revision: number) => void;
}

/** The revisions of an alert, and what the chosen one changed of the one before it, side by side. */
export function Revisions({ revisions, chosen, onChoose }: Props) {
  const at = revisions.findIndex(({ Revision }) => Revision === chosen);
  const before = revisions[at - 1];
  const after = revisions[at];
  return (
    <>
      <ol class="revisions">
        {revisions.map(({ Revision, Status, TimeGenerated, Results }) => (
          <li key={Revision}>
            <button type="button" aria-pressed={Revision === chosen} onClick={() => onChoose(Revision)}>
              <b>{Revision}</b>{' '}
              {Status === 'Withdrawn' ? 'withdrawn' : `${Results.length} result${Results.length === 1 ? '' : 's'}`}
              <span class="muted"> {isoTime(visible(TimeGenerated)).slice(0, 19)}</span>
            </button>
          </li>
        ))}
      </ol>
      {before && after ? (
        <table class="diff">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Revision {before.Revision}</th>
              <th scope="col">Revision {after.Revision}</th>
            </tr>
          </thead>
          <tbody>
            {changesBetween(before, after).map(({ field, before: old, after: fresh }) => (
              <tr key={field}>
                <th scope="row">
                  <Data text={field} most={120} />
                </th>
                <td class="old mono">
                  <Data text={old} most={2_000} />
                </td>
                <td class="new mono">
                  <Data text={fresh} most={2_000} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p class="muted">
          {revisions.length > 1
            ? 'The first that is kept: choose a later one to see what it changed.'
            : 'It has not been corrected.'}
        </p>
      )}
    </>
  );
}

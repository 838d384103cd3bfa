import type { RulePage } from '../../src/explain/page/page';
import { count, duration, plural } from '../lib/format';
import { Data } from '../parts/data';
import { Panel } from '../parts/panel';

/** What `outrider explain` says of a rule beside its stages. */
export const RuleDetails = ({ page }: { readonly page: RulePage }) => (
  <>
    {page.dependsOn.length > 0 && (
      <Panel title="Depends on in silence">
        <ul class="plain">
          {page.dependsOn.map(({ code, severity, stage, message }) => (
            <li key={`${code} ${stage} ${message}`}>
              <span class={`mark ${severity}`}>{severity}</span>
              {stage && <span class="muted"> stage {stage} </span>}
              <Data text={message} />
            </li>
          ))}
        </ul>
      </Panel>
    )}
    <div class="columns even">
      <Panel title="Indicators">
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Looks for</th>
              <th scope="col" class="end">
                Other rules
              </th>
            </tr>
          </thead>
          <tbody>
            {page.indicators.map(({ field, kind, negated, values, stage, otherRules }, i) => (
              <tr key={i}>
                <th scope="row">
                  <Data text={field} /> <span class="muted">stage {stage}</span>
                </th>
                <td>
                  <span class="muted">
                    {negated ? 'not ' : ''}
                    {kind}
                  </span>{' '}
                  <span class="mono">
                    <Data text={values.slice(0, 6).join(' | ')} most={500} />
                  </span>
                  {values.length > 6 && <span class="muted"> and {count(values.length - 6)} more</span>}
                </td>
                <td class="end">{otherRules}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title="Output">
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Type</th>
              <th scope="col">Made by stage</th>
            </tr>
          </thead>
          <tbody>
            {page.outputs.map(({ name, type, madeBy, role }) => (
              <tr key={name}>
                <th scope="row">
                  <Data text={name} />
                  {role !== 'column' && <span class="muted"> {role}</span>}
                </th>
                <td>{type}</td>
                <td>{madeBy.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </div>
    <Panel title="State">
      <ul class="plain">
        {page.state.map(({ kind, tables, columns, aggregates }, i) => (
          <li key={i}>
            {kind === 'groups' ? 'Groups' : 'Rows'} of <Data text={tables.join(', ')} />,{' '}
            {plural(columns.length, kind === 'groups' ? 'key' : 'column')}:{' '}
            <span class="mono">
              <Data text={[...columns, ...aggregates].join(', ')} most={1_000} />
            </span>
          </li>
        ))}
        <li>
          In panes of {duration(page.paneMs)}, {page.panesPerWindow} to a window; late events correct alerts for{' '}
          {duration(page.latenessMs)}.
        </li>
      </ul>
    </Panel>
  </>
);

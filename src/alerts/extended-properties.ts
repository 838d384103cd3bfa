import type { AlertingRule, RunWindow } from './alert';
import { formatTimeSpan } from './times';

interface RunFacts {
  rule: AlertingRule;
  window: RunWindow;
  /** Result rows of the run. */
  overallCount: number;
  details: Record<string, string[]>;
  /** What limits left out of this alert, by kind. */
  omitted: { entities: number; customDetails: number; results: number; alerts: number };
}

/** What Sentinel writes into `ExtendedProperties` of a scheduled alert, under its names, and what was left out. */
export function extendedProperties({ rule, window, overallCount, details, omitted }: RunFacts): Record<string, string> {
  const cuts = [
    cut(omitted.alerts, 'results have no alert of their own and are summed up in this one'),
    cut(omitted.results, 'result rows are not carried'),
    cut(omitted.entities, 'entities are left out'),
    cut(omitted.customDetails, 'custom detail values are left out'),
  ].filter((each) => each !== '');
  const isSummary = omitted.alerts > 0;
  return {
    ...(rule.schedule ? { 'Query Period': formatTimeSpan(rule.schedule.periodMs) } : {}),
    'Trigger Operator': rule.trigger.operator,
    'Trigger Threshold': String(rule.trigger.threshold),
    'Search Query Results Overall Count': String(overallCount),
    // query_now is what Sentinel sets to run the same query over the same window again.
    Query: `set query_now = datetime(${window.end});\n${rule.query}`,
    'Query Start Time UTC': spaced(window.start),
    'Query End Time UTC': spaced(window.end),
    'Analytic Rule Ids': JSON.stringify([rule.id]),
    'Analytic Rule Name': rule.name,
    ...(rule.version === undefined ? {} : { 'Analytic Rule Version': rule.version }),
    'Event Grouping': isSummary ? 'SingleAlert' : rule.eventGrouping,
    'Alert generation status': cuts.length === 0 ? 'Full alert created' : `Partial alert created: ${cuts.join('; ')}`,
    ...(Object.keys(details).length === 0 ? {} : { 'Custom Details': JSON.stringify(details) }),
  };
}

function cut(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}`;
}

/** `2023-07-24T15:23:59.0000000Z` as `2023-07-24 15:23:59Z`. */
function spaced(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')}Z`;
}

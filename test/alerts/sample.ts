import type { AlertingRule, ResultTable, RunWindow } from '../../src/alerts/alert';

export const WINDOW: RunWindow = { start: '2019-04-30T20:00:00.0000000Z', end: '2019-04-30T21:00:00.0000000Z' };
export const AT = '2019-04-30T21:05:00.0000000Z';

export function rule(overrides: Partial<AlertingRule> = {}): AlertingRule {
  return {
    id: '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f',
    name: 'Sample rule',
    description: 'Finds what the tests look for.',
    kind: 'Scheduled',
    severity: 'Medium',
    version: '1.0.3',
    tactics: ['LateralMovement'],
    techniques: ['T1021.003'],
    query: 'Event\n| where EventID == 1\n',
    schedule: { periodMs: 3_600_000 },
    trigger: { operator: 'GreaterThan', threshold: 0 },
    eventGrouping: 'SingleAlert',
    entityMappings: [],
    customDetails: [],
    ...overrides,
  };
}

/** A mapping such as `mapping('Host', 'FullName=Computer')`. */
export function mapping(entityType: string, ...fields: string[]): AlertingRule['entityMappings'][number] {
  return {
    entityType,
    fieldMappings: fields.map((field) => ({ identifier: field.split('=')[0]!, columnName: field.split('=')[1]! })),
  };
}

/** A table from objects; a column is a datetime if its values look like one, else dynamic for objects, else string. */
export function table(...rows: Record<string, unknown>[]): ResultTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const typeOf = (value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value)
      ? 'datetime'
      : typeof value === 'object' && value !== null
        ? 'dynamic'
        : 'string';
  return {
    columns: names.map((name) => ({
      name,
      type: rows.map((row) => typeOf(row[name])).find((type) => type !== 'string') ?? 'string',
    })),
    rows: rows.map((row) => names.map((name) => row[name] ?? null)),
  };
}

import type { AnalyticsRule } from '../plan/rule';
import { placeholders } from './shape';
import type { Path } from './yaml-file';

/** A column of the query's result that a rule names outside its query. */
export interface ColumnReference {
  columnName: string;
  /** Where it is named, for `RuleFile.position`. */
  path: Path;
}

/**
 * Every column that entity mappings, custom details and alert details take from the result, in the order of use. A result
 * that lacks one yields alerts without it, in silence: compare with the query's result schema when a rule is checked.
 */
export function referencedColumns(rule: AnalyticsRule): ColumnReference[] {
  const references: ColumnReference[] = [];
  for (const [i, { fieldMappings }] of rule.entityMappings.entries()) {
    for (const [j, { columnName }] of fieldMappings.entries()) {
      references.push({ columnName, path: ['entityMappings', i, 'fieldMappings', j, 'columnName'] });
    }
  }
  for (const { name, columnName } of rule.customDetails) references.push({ columnName, path: ['customDetails', name] });
  const override = rule.alertDetailsOverride ?? {};
  for (const field of ['alertDisplayNameFormat', 'alertDescriptionFormat'] as const) {
    for (const columnName of placeholders(override[field] ?? '')) {
      references.push({ columnName, path: ['alertDetailsOverride', field] });
    }
  }
  for (const field of ['alertTacticsColumnName', 'alertSeverityColumnName'] as const) {
    const columnName = override[field];
    if (columnName !== undefined) references.push({ columnName, path: ['alertDetailsOverride', field] });
  }
  for (const [i, { value }] of (override.alertDynamicProperties ?? []).entries()) {
    references.push({ columnName: value, path: ['alertDetailsOverride', 'alertDynamicProperties', i, 'value'] });
  }
  return references;
}

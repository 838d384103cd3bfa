import type { AlertingRule, AlertSeverity } from './alert';
import { cellText, type ResultReader } from './cell';
import { type AlertLimits, jsonBytes } from './limits';

type Row = readonly unknown[];

export interface AlertTexts {
  name: string;
  description: string;
  severity: AlertSeverity;
  tactics: string[];
}

const SEVERITIES: readonly AlertSeverity[] = ['Informational', 'Low', 'Medium', 'High'];

/**
 * Name, description, severity and tactics of an alert: what `alertDetailsOverride` takes from the first row, else the rule's
 * own. A text of which a column has no value, an unknown severity and unknown tactics fall back to the rule's.
 * https://learn.microsoft.com/azure/sentinel/customize-alert-details
 */
export function alertTexts(rule: AlertingRule, reader: ResultReader, rows: readonly Row[]): AlertTexts {
  const override = rule.alertDetailsOverride ?? {};
  const row = rows[0];
  const own = { name: rule.name, description: rule.description, severity: rule.severity, tactics: [...rule.tactics] };
  if (row === undefined) return own;
  const severity = override.alertSeverityColumnName && reader.text(row, override.alertSeverityColumnName);
  const tactics = override.alertTacticsColumnName && tacticsOf(reader.cell(row, override.alertTacticsColumnName));
  return {
    name: clip(fill(override.alertDisplayNameFormat, reader, row) ?? own.name, 256),
    description: clip(fill(override.alertDescriptionFormat, reader, row) ?? own.description, 5_000),
    severity: SEVERITIES.find((each) => each.toLowerCase() === severity?.toLowerCase()) ?? own.severity,
    tactics: tactics && tactics.length > 0 ? tactics : own.tactics,
  };
}

/** The alert properties that `alertDynamicProperties` sets from the first row, by name; only those with a value. */
export function dynamicProperties(rule: AlertingRule, reader: ResultReader, rows: readonly Row[]): Map<string, string> {
  const properties = new Map<string, string>();
  const row = rows[0];
  for (const { alertProperty, value } of rule.alertDetailsOverride?.alertDynamicProperties ?? []) {
    const text = row && reader.text(row, value);
    if (text !== undefined) properties.set(alertProperty, text);
  }
  return properties;
}

/** The values of each custom detail over the rows, each once, as far as they fit; and how many did not. */
export function customDetails(
  rule: AlertingRule,
  reader: ResultReader,
  rows: readonly Row[],
  limits: AlertLimits,
): { details: Record<string, string[]>; omitted: number } {
  const entries: [string, string[]][] = [];
  let bytes = 2;
  let omitted = 0;
  for (const { name, columnName } of rule.customDetails) {
    const values = new Set<string>();
    const kept: string[] = [];
    bytes += jsonBytes(name) + 4;
    for (const row of rows) {
      const value = reader.text(row, columnName);
      if (value === undefined || values.has(value)) continue;
      values.add(value);
      const size = jsonBytes(value) + 1;
      if (bytes + size > limits.customDetailsBytes) {
        omitted++;
        continue;
      }
      bytes += size;
      kept.push(value);
    }
    entries.push([name, kept]);
  }
  return { details: Object.fromEntries(entries), omitted };
}

/** Replaces each `{{Column}}`, once: what a value holds is not looked at again. Undefined if a column has no value. */
function fill(format: string | undefined, reader: ResultReader, row: Row): string | undefined {
  if (format === undefined) return undefined;
  let isComplete = true;
  const text = format.replace(/\{\{([^{}]*)\}\}/g, (_, column: string) => {
    const value = reader.text(row, column.trim());
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  return isComplete ? text : undefined;
}

/** `["Persistence"]`, `Persistence, LateralMovement`, with or without blanks between words; unknown shapes give none. */
function tacticsOf(value: unknown): string[] {
  let items: unknown[] = [];
  if (Array.isArray(value)) items = value;
  else if (typeof value === 'string') items = value.replace(/[[\]"]/g, '').split(',');
  const names = items.flatMap((item) => cellText(item)?.replace(/[ _-]/g, '') ?? []);
  return [...new Set(names.filter((name) => /^[A-Za-z]{1,40}$/.test(name)))];
}

/** Cuts a text to a number of UTF-16 units, visibly and not inside a character. */
function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

import { z } from 'zod';
import { formatDuration, parseDuration } from '../plan/duration';
import type { Severity, TriggerOperator } from '../plan/rule';
import { didYouMean } from '../spelling';
import { findTactic } from './catalogue/mitre';

/** Problem codes travel from a shape to its reader in the `params` of a zod issue. */
export interface ProblemParams {
  code: string;
}

type Report = { addIssue(issue: { code: 'custom'; message: string; params: ProblemParams }): void };

export function fail(context: Report, code: string, message: string): typeof z.NEVER {
  context.addIssue({ code: 'custom', message, params: { code } });
  return z.NEVER;
}

/** A field that may be left out; an empty or `null` value counts as left out. */
export const optional = <T extends z.ZodType>(shape: T) => shape.nullish();

export const text = z.string().transform((value, context) => {
  const trimmed = value.trim();
  return trimmed === ''
    ? fail(context, 'empty-value', 'The text is empty: write one or leave the field out.')
    : trimmed;
});

export const textList = z.array(text);

/** One of a closed set of names, in any case, or one of their other spellings. */
export function name<const T extends string>(
  what: string,
  names: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
) {
  const byLower = new Map<string, T>(names.map((value) => [value.toLowerCase(), value]));
  for (const [alias, value] of Object.entries(aliases)) byLower.set(alias.toLowerCase(), value);
  return z.string().transform((written, context): T => {
    const known = byLower.get(written.trim().toLowerCase());
    if (known !== undefined) return known;
    const list = names.join(', ');
    return fail(
      context,
      `unknown-${what.replaceAll(' ', '-')}`,
      `"${written}" is no ${what}.${didYouMean(written, names)} Use one of: ${list}.`,
    );
  });
}

export const bool = z.string().transform((written, context): boolean => {
  if (/^true$/i.test(written)) return true;
  if (/^false$/i.test(written)) return false;
  return fail(context, 'bad-boolean', `"${written}" is neither true nor false.`);
});

export function integer(from: number, to: number) {
  return z.string().transform((written, context): number => {
    const value = /^[+-]?\d{1,15}$/.test(written.trim()) ? Number(written) : Number.NaN;
    if (value >= from && value <= to) return value;
    return fail(context, 'bad-number', `"${written}" is no whole number from ${from} to ${to}.`);
  });
}

/** A duration within bounds given in milliseconds. */
export function duration(fromMs: number, toMs: number) {
  return z.string().transform((written, context): number => {
    const ms = parseDuration(written);
    if (ms === undefined) {
      return fail(
        context,
        'bad-duration',
        `"${written}" is no duration. Write it as 5m, 1h, 1d or as PT1H, P1D (ISO 8601).`,
      );
    }
    if (ms < fromMs || ms > toMs) {
      const range = `${formatDuration(fromMs)} to ${formatDuration(toMs)}`;
      return fail(context, 'duration-out-of-range', `${written} is outside what Sentinel allows here: ${range}.`);
    }
    return ms;
  });
}

/** A rule's id as it was written; braces around a GUID are no part of it. */
export const ruleId = text.transform((written) => written.replace(/^\{(.*)\}$/, '$1'));

export const severity = name<Severity>('severity', ['Informational', 'Low', 'Medium', 'High'], {
  info: 'Informational',
});

const OPERATORS: readonly TriggerOperator[] = ['GreaterThan', 'LessThan', 'Equal', 'NotEqual'];
export const triggerOperator = name<TriggerOperator>('trigger operator', OPERATORS, {
  gt: 'GreaterThan',
  lt: 'LessThan',
  eq: 'Equal',
  ne: 'NotEqual',
  ge: 'GreaterThanOrEqual',
  le: 'LessThanOrEqual',
  greaterthanorequal: 'GreaterThanOrEqual',
  lessthanorequal: 'LessThanOrEqual',
});

/** Sentinel's spelling where the tactic is known, else as it was written. */
export const tactic = text.transform((written) => findTactic(written)?.name ?? written);

export const technique = text.transform((written) => written.toUpperCase());

const columnName = z.string().transform((written, context): string => {
  const column = written.trim();
  if (column !== '') return column;
  return fail(context, 'empty-value', 'The column name is empty: name a column of the query result.');
});

export const entityMapping = z.object({
  entityType: text,
  fieldMappings: z.array(z.object({ identifier: text, columnName })),
});

export const sentinelEntitiesMapping = z.object({ columnName });

export const customDetails = z.record(z.string(), columnName);

/** The columns that a format names, in order, with repetitions. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{\{([^{}]*)\}\}/g)].map((match) => match[1]!.trim()).filter((column) => column !== '');
}

const ALERT_PROPERTIES = [
  'AlertLink',
  'ConfidenceLevel',
  'ConfidenceScore',
  'ExtendedLinks',
  'ProductComponentName',
  'ProductName',
  'ProviderName',
  'RemediationSteps',
  'Techniques',
  'SubTechniques',
] as const;

export const alertDetailsOverride = z.object({
  alertDisplayNameFormat: optional(text),
  alertDescriptionFormat: optional(text),
  alertTacticsColumnName: optional(columnName),
  alertSeverityColumnName: optional(columnName),
  alertDynamicProperties: optional(
    z.array(z.object({ alertProperty: name('alert property', ALERT_PROPERTIES), value: columnName })),
  ),
});

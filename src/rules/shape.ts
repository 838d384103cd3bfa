import { z } from 'zod';
import { ENTITY_TYPES } from './catalogue/entity-types';
import { findTactic, TACTICS } from './catalogue/mitre';
import { formatDuration, parseDuration } from './duration';
import type { Severity, TriggerOperator } from './rule';
import { didYouMean } from './suggest';

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

export const guid = z.string().transform((written, context): string => {
  const value = written.trim().replace(/^\{(.*)\}$/, '$1');
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) return value.toLowerCase();
  return fail(
    context,
    'bad-id',
    `"${written}" is no GUID. Make a new one and keep it for the life of the rule: alert ids depend on it.`,
  );
});

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

export const tactic = z.string().transform((written, context): string => {
  const known = findTactic(written.trim());
  if (known !== undefined) return known.name;
  const names = TACTICS.map((each) => each.name);
  return fail(
    context,
    'unknown-tactic',
    `"${written}" is no MITRE ATT&CK tactic.${didYouMean(written, names)} Known: ${names.join(', ')}.`,
  );
});

export const technique = z.string().transform((written, context): string => {
  const id = written.trim().toUpperCase();
  if (!/^T\d{4}(\.\d{3})?$/.test(id)) {
    return fail(
      context,
      'bad-technique',
      `"${written}" is no MITRE ATT&CK technique id. Write T1021 or, for a sub-technique, T1021.003.`,
    );
  }
  return id;
});

const columnName = z.string().transform((written, context): string => {
  const column = written.trim();
  if (column !== '') return column;
  return fail(context, 'empty-value', 'The column name is empty: name a column of the query result.');
});

/** https://learn.microsoft.com/azure/sentinel/map-data-fields-to-entities: up to three identifiers an entity. */
export const entityMapping = z
  .object({
    entityType: name('entity type', [...ENTITY_TYPES.keys()]),
    fieldMappings: z.array(z.object({ identifier: text, columnName })),
  })
  .superRefine(({ entityType, fieldMappings }, context) => {
    const known = ENTITY_TYPES.get(entityType);
    if (known === undefined) return;
    const report = (code: string, message: string, path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path, params: { code } satisfies ProblemParams });
    const seen = new Set<string>();
    for (const [index, { identifier }] of fieldMappings.entries()) {
      const path = ['fieldMappings', index, 'identifier'];
      if (!known.identifiers.includes(identifier)) {
        const hint = didYouMean(identifier, known.identifiers);
        report(
          'unknown-identifier',
          `"${identifier}" identifies no ${entityType}.${hint} Use one of: ${known.identifiers.join(', ')}.`,
          path,
        );
      } else if (seen.has(identifier)) {
        report(
          'duplicate-identifier',
          `${identifier} is mapped twice in this entity: keep one, or map a second ${entityType}.`,
          path,
        );
      }
      seen.add(identifier);
    }
    if (fieldMappings.length > 3) {
      report(
        'too-many-identifiers',
        `An entity takes at most 3 identifiers, this one has ${fieldMappings.length}: remove the weakest.`,
        ['fieldMappings'],
      );
    }
    if (fieldMappings.length === 0)
      report('no-identifier', 'The entity has no identifier: map at least one.', ['fieldMappings']);
    else if (!known.required.some((set) => set.every((identifier) => seen.has(identifier)))) {
      const sets = known.required.map((set) => set.join(' and ')).join(', or ');
      report('missing-identifier', `These identifiers do not make a ${entityType}: map ${sets}.`, ['fieldMappings']);
    }
  });

export const sentinelEntitiesMapping = z.object({ columnName });

/** https://learn.microsoft.com/azure/sentinel/surface-custom-details-in-alerts: up to 20 details. */
export const customDetails = z.record(z.string(), columnName).superRefine((details, context) => {
  const report = (code: string, message: string, path: string[]) =>
    context.addIssue({ code: 'custom', message, path, params: { code } satisfies ProblemParams });
  const names = Object.keys(details);
  if (names.length > 20)
    report('too-many-custom-details', `A rule takes at most 20 custom details, this one has ${names.length}.`, []);
  for (const key of names) {
    if (key.length > 20)
      report(
        'custom-detail-name',
        `The name of a custom detail has at most 20 characters, "${key}" has ${key.length}.`,
        [key],
      );
    if (!/^[A-Za-z]\w*$/.test(key)) {
      report(
        'custom-detail-name',
        `"${key}" cannot name a custom detail: start with a letter, go on with letters, digits and _.`,
        [key],
      );
    }
  }
});

/** https://learn.microsoft.com/azure/sentinel/customize-alert-details: at most three columns in a text. */
function format(maxLength: number) {
  return text.superRefine((template, context) => {
    const report = (code: string, message: string) =>
      context.addIssue({ code: 'custom', message, params: { code } satisfies ProblemParams });
    if (template.length > maxLength)
      report('format-too-long', `The text has ${template.length} characters, at most ${maxLength} are allowed.`);
    const columns = new Set(placeholders(template));
    if (columns.size > 3)
      report('too-many-placeholders', `The text takes at most 3 columns, this one has ${columns.size}.`);
    if (/\{\{\s*\}\}/.test(template)) report('empty-placeholder', '{{}} names no column: write {{Column}}.');
    if ((template.match(/\{\{/g)?.length ?? 0) !== (template.match(/\}\}/g)?.length ?? 0)) {
      report('open-placeholder', 'The braces do not match: write each column as {{Column}}.');
    }
  });
}

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
  alertDisplayNameFormat: optional(format(256)),
  alertDescriptionFormat: optional(format(5_000)),
  alertTacticsColumnName: optional(columnName),
  alertSeverityColumnName: optional(columnName),
  alertDynamicProperties: optional(
    z.array(z.object({ alertProperty: name('alert property', ALERT_PROPERTIES), value: columnName })),
  ),
});

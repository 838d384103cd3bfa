import { z } from 'zod';
import type { AnalyticsRule } from '../plan/rule';
import { DEFAULT_SETTINGS, type Exclusion, type RuleSettings } from '../plan/rule-settings';
import { didYouMean } from '../spelling';
import { checkShape, isRecord, ProblemList, unknownField } from './check-shape';
import { hasErrors, type Problem, sortProblems } from './problem';
import { bool, duration, integer, optional, textList } from './shape';
import { joinProblems, type PlainValue, parseYaml } from './yaml-file';

const DAY = 86_400_000;

const settingsShape = z.object({
  enabled: optional(bool),
  grace: optional(duration(0, DAY)),
  early: optional(bool),
  shadow: optional(bool),
  approximate: optional(bool),
  exclusions: optional(textList),
  caps: optional(z.object({ alerts: optional(integer(1, 150)), results: optional(integer(1, 100_000)) })),
  sinks: optional(textList),
});

type WrittenSettings = Omit<z.output<typeof settingsShape>, 'exclusions'> & { exclusions: Exclusion[] };

/** A settings file as it was read. */
export interface SettingsFile {
  problems: Problem[];
  /** The settings of a rule: its own over the file's defaults over the built-in ones. */
  settingsFor(rule: Pick<AnalyticsRule, 'id' | 'name'>): RuleSettings;
  /** A warning for each entry that names none of these rules. */
  unusedEntries(rules: readonly Pick<AnalyticsRule, 'id' | 'name'>[]): Problem[];
}

/**
 * Reads `rules/settings.yaml`:
 *
 * ```yaml
 * defaults:
 *   grace: 5m
 * rules:
 *   Lateral Movement via DCOM:   # the rule's name or its id
 *     early: true
 * ```
 *
 * An entry or field with an error is not applied; the file is to be refused if `problems` holds one.
 */
export function readSettings(source: string, file: string): SettingsFile {
  const yaml = parseYaml(source, file);
  const list = new ProblemList(yaml, file);
  const root = yaml.value ?? {};
  let defaults: WrittenSettings | undefined;
  const entries = new Map<string, { settings: WrittenSettings | undefined; key: string }>();
  if (isRecord(root)) {
    for (const key of Object.keys(root)) {
      if (key !== 'defaults' && key !== 'rules')
        list.add('warning', 'unknown-field', unknownField(key, ['defaults', 'rules']), [key], 'key');
    }
    defaults = readOne(root.defaults, ['defaults'], list);
    const rules = root.rules ?? {};
    if (!isRecord(rules))
      list.add('error', 'wrong-shape', '"rules" must be named entries: one a rule, under its name or id.', ['rules']);
    else {
      for (const [key, value] of Object.entries(rules)) {
        const normal = normalKey(key);
        if (entries.has(normal))
          list.add(
            'error',
            'duplicate-entry',
            `There are two entries for "${key}": remove one.`,
            ['rules', key],
            'key',
          );
        else entries.set(normal, { key, settings: readOne(value, ['rules', key], list) });
      }
    }
  } else if (!hasErrors(yaml.problems)) {
    list.add('error', 'wrong-shape', 'A settings file holds "defaults" and "rules", each with named fields.', []);
  }
  return {
    problems: joinProblems(yaml.problems, list.problems),
    settingsFor: (rule) => {
      const byName = entries.get(normalKey(rule.name))?.settings;
      const byId = entries.get(normalKey(rule.id))?.settings;
      return [defaults, byName, byId].reduce(overlay, DEFAULT_SETTINGS);
    },
    unusedEntries: (rules) => {
      const used = new Set(rules.flatMap((rule) => [normalKey(rule.id), normalKey(rule.name)]));
      const names = rules.map((rule) => rule.name);
      const unused = new ProblemList(yaml, file);
      for (const [normal, { key }] of entries) {
        if (used.has(normal)) continue;
        unused.add(
          'warning',
          'unknown-rule',
          `No rule has the name or id "${key}": its settings are not used.${didYouMean(key, names)}`,
          ['rules', key],
          'key',
        );
      }
      return sortProblems(unused.problems);
    },
  };
}

function readOne(value: PlainValue | undefined, path: string[], list: ProblemList): WrittenSettings | undefined {
  if (value === undefined || value === null) return undefined;
  const settings = checkShape(settingsShape, value, path, list);
  if (settings === undefined) return undefined;
  const exclusions = (settings.exclusions ?? []).map((predicate, index) => ({
    predicate,
    ...list.yaml.position([...path, 'exclusions', index]),
  }));
  return { ...settings, exclusions };
}

function overlay(under: RuleSettings, over: WrittenSettings | undefined): RuleSettings {
  if (over === undefined) return under;
  return {
    enabled: over.enabled ?? under.enabled,
    graceMs: over.grace ?? under.graceMs,
    early: over.early ?? under.early,
    shadow: over.shadow ?? under.shadow,
    ...((over.approximate ?? under.approximate) ? { approximate: true } : {}),
    exclusions: [...under.exclusions, ...over.exclusions],
    caps: { alerts: over.caps?.alerts ?? under.caps.alerts, results: over.caps?.results ?? under.caps.results },
    sinks: over.sinks ?? under.sinks,
  };
}

function normalKey(key: string): string {
  return key.trim().toLowerCase();
}

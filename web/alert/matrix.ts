import type { AlertRow, RuleRow } from '../../src/board/types';
import tactics from '../../src/rules/catalogue/mitre-tactics.json';
import names from '../../src/rules/catalogue/mitre-techniques.json';

export interface Cell {
  /** Empty: rules of the tactic that name none. */
  readonly technique: string;
  readonly rules: readonly RuleRow[];
  readonly alerts: number;
}

const titles = new Map(Object.entries(names));

/** `Distributed Component Object Model`; undefined for what the catalogue does not have. */
export const techniqueName = (id: string): string | undefined => titles.get(id.toUpperCase());

/** Tactics of the enterprise matrix: a gap in them is worth a look. */
const ENTERPRISE = /^TA00/;

export interface MatrixColumn {
  readonly tactic: string;
  readonly cells: readonly Cell[];
}

/**
 * Tactics in the order of the kill chain, each with the techniques that its rules look for: those of the enterprise matrix whether or not a rule
 * is for them, others where one is. A rule does not say which technique serves which
 * of its tactics.
 */
export function matrixOf(rules: readonly RuleRow[], alerts: readonly AlertRow[]): MatrixColumn[] {
  const byRule = new Map<string, number>();
  for (const { ruleId, isWithdrawn } of alerts) if (!isWithdrawn) byRule.set(ruleId, (byRule.get(ruleId) ?? 0) + 1);
  return tactics.flatMap(({ id, name, title }): MatrixColumn[] => {
    const own = rules.filter((rule) => rule.tactics.some((tactic) => tactic.toLowerCase() === name.toLowerCase()));
    if (own.length === 0 && !ENTERPRISE.test(id)) return [];
    const techniques = [
      ...new Set(own.flatMap((rule) => (rule.techniques.length > 0 ? rule.techniques : ['']))),
    ].sort();
    const cells = techniques.map((technique): Cell => {
      const serving = own.filter((rule) =>
        technique === '' ? rule.techniques.length === 0 : rule.techniques.includes(technique),
      );
      const found = serving.reduce((sum, { id }) => sum + (byRule.get(id) ?? 0), 0);
      return { technique, rules: serving, alerts: found };
    });
    return [{ tactic: title, cells }];
  });
}

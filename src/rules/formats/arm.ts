import { isRecord } from '../check-shape';
import { derivedId } from '../rule-id';
import type { Path, PlainValue } from '../yaml-file';
import { type ArmScope, armText } from './arm-expression';
import { type FormatFault, placesOf, type WrittenRule, type WrittenRules } from './written-rule';

type Fields = { [key: string]: PlainValue };

const RULE_TYPE = /\/(?:alertRules|alertRuleTemplates)$/i;
/** Content of a package that comes into force when somebody turns it on: that it is off says nothing. */
const TEMPLATE_TYPE = /\/alertRuleTemplates$/i;
const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
const MAX_DEPTH = 20;

/** Fields of a rule file whose name in a rule's `properties` is another one. */
const PROPERTIES: Readonly<Record<string, string>> = { name: 'displayName', version: 'templateVersion' };
const SAME = [
  'description',
  'severity',
  'queryFrequency',
  'queryPeriod',
  'triggerOperator',
  'triggerThreshold',
  'suppressionDuration',
  'suppressionEnabled',
  'tactics',
  'techniques',
  'subTechniques',
  'query',
  'requiredDataConnectors',
  'eventGroupingSettings',
  'incidentConfiguration',
  'customDetails',
  'entityMappings',
  'sentinelEntitiesMappings',
  'alertDetailsOverride',
];

/**
 * The analytics rules of JSON that Sentinel or its content hub makes: an ARM template (the portal's export, a package's mainTemplate.json
 * with templates inside templates), or what the REST API answers. undefined: the value is none of these.
 * https://learn.microsoft.com/azure/templates/microsoft.securityinsights/alertrules
 */
export function armRules(value: PlainValue): WrittenRules | undefined {
  const rules: WrittenRule[] = [];
  const faults: FormatFault[] = [];
  const walk = (node: PlainValue, at: Path, outer: ArmScope): void => {
    if (at.length > MAX_DEPTH) return;
    if (Array.isArray(node)) for (const [i, item] of node.entries()) walk(item, [...at, i], outer);
    if (!isRecord(node)) return;
    const scope = scopeOf(node, outer);
    if (typeof node.type === 'string' && RULE_TYPE.test(node.type) && isRecord(node.properties)) {
      const read = readRule(node, node.properties, at, scope);
      if (!('fields' in read)) faults.push(read);
      else rules.push(withId(read, node, at, faults));
      return;
    }
    if (node.resources !== undefined) walk(node.resources, [...at, 'resources'], scope);
    const inner = isRecord(node.properties) ? node.properties : undefined;
    for (const name of ['mainTemplate', 'template'])
      if (inner?.[name] !== undefined) walk(inner[name], [...at, 'properties', name], scope);
  };
  if (!isRecord(value)) return undefined;
  const nothing: ArmScope = { parameters: null, variables: null };
  if (Array.isArray(value.value)) walk(value.value, ['value'], nothing);
  walk(value, [], nothing);
  return rules.length > 0 || faults.length > 0 ? { rules, faults } : undefined;
}

/** A template in a template names its own parameters and variables, and in packages those around it too. */
function scopeOf(node: Fields, outer: ArmScope): ArmScope {
  const joined = (own: PlainValue | undefined, around: PlainValue): PlainValue =>
    isRecord(own) ? Object.assign(Object.create(null), isRecord(around) ? around : {}, own) : around;
  return {
    parameters: joined(node.parameters, outer.parameters),
    variables: joined(node.variables, outer.variables),
  };
}

function readRule(node: Fields, properties: Fields, at: Path, scope: ArmScope): WrittenRule | FormatFault {
  const base = [...at, 'properties'];
  const { kind = 'Scheduled', name } = node;
  const title = typeof properties.displayName === 'string' ? properties.displayName : String(name);
  if (typeof kind !== 'string' || !/^(scheduled|nrt)$/i.test(kind)) {
    const message = `'${title}' is a rule of kind ${kind}: it has no query that could run here, and is left out.`;
    return { severity: 'warning', code: 'no-query', message, at: [...at, 'kind'] };
  }
  if (!TEMPLATE_TYPE.test(String(node.type)) && /^false$/i.test(String(properties.enabled))) {
    const message = `'${title}' is disabled in Sentinel, and is left out. Set "enabled" to true to run it here.`;
    return { severity: 'warning', code: 'disabled-rule', message, at: [...base, 'enabled'] };
  }
  const fields: Fields = Object.create(null);
  fields.kind = kind;
  const add = (field: string, own: string): void => {
    const value = resolved(properties[own] ?? null, scope);
    if (value !== null) fields[field] = value;
  };
  for (const field of SAME) add(field, field);
  for (const [field, own] of Object.entries(PROPERTIES)) add(field, own);
  const id = idOf(node, scope);
  if (id !== undefined) fields.id = id;
  // Exports keep the schedule of a rule that became an NRT one.
  if (/^nrt$/i.test(kind)) for (const field of SCHEDULE) delete fields[field];
  return {
    fields,
    at: placesOf(base, {
      kind: [...at, 'kind'],
      id: [...at, 'name'],
      name: [...base, 'displayName'],
      version: [...base, 'templateVersion'],
    }),
  };
}

/** A template may make the GUID when it is deployed. */
function withId(rule: WrittenRule, node: Fields, at: Path, faults: FormatFault[]): WrittenRule {
  if (rule.fields.id !== undefined) return rule;
  const name = String(rule.fields.name ?? node.name);
  const id = derivedId(name);
  const message = `'${name}' gets its GUID when the template is deployed: here ${id} is made of its name.`;
  faults.push({ severity: 'warning', code: 'missing-id', message, at: [...at, 'name'] });
  return { ...rule, fields: { ...rule.fields, id } };
}

const SCHEDULE = ['queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold'];

/** The rule's GUID, which stands at the end of its name or of its resource id. */
function idOf({ name, id }: Fields, scope: ArmScope): string | undefined {
  for (const text of [name, id]) {
    if (typeof text !== 'string') continue;
    const found = GUID.exec(armText(text, scope) ?? text);
    if (found) return found[0];
  }
  return undefined;
}

/** A value with its expressions worked out; one that cannot be stays as it is written. */
function resolved(value: PlainValue, scope: ArmScope): PlainValue {
  if (typeof value === 'string') return armText(value, scope) ?? value;
  if (Array.isArray(value)) return value.map((item) => resolved(item, scope));
  if (!isRecord(value)) return value;
  const result: Fields = Object.create(null);
  for (const [key, item] of Object.entries(value)) result[key] = resolved(item, scope);
  return result;
}

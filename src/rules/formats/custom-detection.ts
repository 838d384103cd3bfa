import { findTactic } from '../catalogue/mitre';
import { isRecord } from '../check-shape';
import { derivedId } from '../rule-id';
import type { Path, PlainValue } from '../yaml-file';
import { type FormatFault, placesOf, type WrittenRule, type WrittenRules } from './written-rule';

type Fields = { [key: string]: PlainValue };

/**
 * How often a custom detection runs, and how far it looks back each time.
 * https://learn.microsoft.com/defender-xdr/custom-detection-rules
 */
const LOOKBACK: Readonly<Record<string, string>> = { '1H': '4h', '3H': '12h', '12H': '48h', '24H': '30d' };

/** Columns of Defender's tables that name an entity: the type and identifier of Sentinel. */
const ENTITIES: Readonly<Record<string, readonly [type: string, identifier: string]>> = {
  DeviceName: ['Host', 'FullName'],
  RemoteDeviceName: ['Host', 'FullName'],
  TargetDeviceName: ['Host', 'FullName'],
  DestinationDeviceName: ['Host', 'FullName'],
  AccountUpn: ['Account', 'FullName'],
  InitiatingProcessAccountUpn: ['Account', 'FullName'],
  TargetAccountUpn: ['Account', 'FullName'],
  AccountName: ['Account', 'Name'],
  InitiatingProcessAccountName: ['Account', 'Name'],
  AccountSid: ['Account', 'Sid'],
  InitiatingProcessAccountSid: ['Account', 'Sid'],
  AccountObjectId: ['Account', 'AadUserId'],
  InitiatingProcessAccountObjectId: ['Account', 'AadUserId'],
  RecipientEmailAddress: ['Mailbox', 'MailboxPrimaryAddress'],
  SenderFromAddress: ['Mailbox', 'MailboxPrimaryAddress'],
};

/** A detection as Defender XDR keeps it: its query stands in a `queryCondition`. */
export const isCustomDetection = (value: PlainValue): value is Fields =>
  isRecord(value) &&
  (value.kind === 'CustomDetection' || isRecord(value.queryCondition) || isRecord(propertiesOf(value).queryCondition));

const propertiesOf = (value: Fields): Fields => (isRecord(value.properties) ? value.properties : value);
const recordOf = (value: PlainValue | undefined): Fields => (isRecord(value) ? value : {});

/**
 * A custom detection of Defender XDR as a rule: it runs every `schedule.period` over what Defender looks back then, and each row is an alert.
 * `0` is continuous: an NRT rule. https://learn.microsoft.com/graph/api/resources/security-detectionrule
 */
export function customDetection(value: Fields): WrittenRules {
  const properties = propertiesOf(value);
  const base: Path = properties === value ? [] : ['properties'];
  const template = recordOf(recordOf(properties.detectionAction).alertTemplate);
  const templateAt: Path = [...base, 'detectionAction', 'alertTemplate'];
  const queryAt: Path = [...base, 'queryCondition', 'queryText'];
  const periodAt: Path = [...base, 'schedule', 'period'];
  const faults: FormatFault[] = [];
  const warnings: FormatFault[] = [];
  if (/^false$/i.test(String(properties.isEnabled ?? properties.enabled))) {
    const message = 'The custom detection is disabled, and is left out. Set "isEnabled" to true to run it here.';
    return { rules: [], faults: [{ severity: 'warning', code: 'disabled-rule', message, at: [...base, 'isEnabled'] }] };
  }
  const fields: Fields = Object.create(null);
  const places: Record<string, Path> = {};
  const add = (field: string, written: PlainValue | undefined, at: Path): void => {
    if (written === undefined || written === null) return;
    fields[field] = written;
    places[field] = at;
  };
  const id = ['id', 'guid', 'detectorId'].find((name) => typeof value[name] === 'string');
  if (id) add('id', value[id], [id]);
  else add('id', properties.detectorId, [...base, 'detectorId']);
  if (properties.displayName) add('name', properties.displayName, [...base, 'displayName']);
  else add('name', template.title, [...templateAt, 'title']);
  if (fields.id === undefined && typeof fields.name === 'string') {
    fields.id = derivedId(fields.name);
    const message = `The custom detection has no id: ${fields.id} is made of its name. Give it a GUID, which stays when the name changes.`;
    warnings.push({ severity: 'warning', code: 'missing-id', message, at: base });
  }
  add('description', template.description, [...templateAt, 'description']);
  add('severity', template.severity, [...templateAt, 'severity']);
  add('techniques', template.mitreTechniques, [...templateAt, 'mitreTechniques']);
  add('version', value.version, ['version']);
  add('query', recordOf(properties.queryCondition).queryText, queryAt);
  const tactic = typeof template.category === 'string' ? findTactic(template.category) : undefined;
  if (tactic) add('tactics', [tactic.name], [...templateAt, 'category']);
  const entities = entityMappings(template.impactedAssets);
  if (entities.length > 0) add('entityMappings', entities, [...templateAt, 'impactedAssets']);
  const period = String(recordOf(properties.schedule).period ?? '')
    .toUpperCase()
    .replace(/^PT/, '');
  if (/^0[HMS]?$/.test(period)) add('kind', 'NRT', periodAt);
  else if (Object.hasOwn(LOOKBACK, period)) {
    add('kind', 'Scheduled', periodAt);
    add('queryFrequency', period.toLowerCase(), periodAt);
    add('queryPeriod', LOOKBACK[period], periodAt);
    add('triggerOperator', 'gt', periodAt);
    add('triggerThreshold', '0', periodAt);
  } else {
    const message = `"schedule.period" must be one of 0 (continuous), ${Object.keys(LOOKBACK).join(', ')}.`;
    faults.push({ severity: 'error', code: 'bad-duration', message, at: periodAt });
  }
  add('eventGroupingSettings', { aggregationKind: 'AlertPerResult' }, base);
  const rule: WrittenRule = { fields, at: placesOf(base, places) };
  return { rules: faults.length > 0 ? [] : [rule], faults: [...faults, ...warnings] };
}

/** Assets that Sentinel has an entity for; Defender's own device ids are none. */
function entityMappings(assets: PlainValue | undefined): PlainValue[] {
  if (!Array.isArray(assets)) return [];
  return assets.flatMap((asset): PlainValue[] => {
    const { identifier } = recordOf(asset);
    if (typeof identifier !== 'string' || identifier === '') return [];
    const column = `${identifier[0]!.toUpperCase()}${identifier.slice(1)}`;
    const entity = Object.hasOwn(ENTITIES, column) ? ENTITIES[column] : undefined;
    if (!entity) return [];
    return [{ entityType: entity[0], fieldMappings: [{ identifier: entity[1], columnName: column }] }];
  });
}

import { eventData } from '../../events/windows-log/event-row';
import { isSysmon, type SysmonField, sysmonFields } from '../../events/windows-log/sysmon-fields';
import { createRuntime, type Op, type OpOf, prepareOperator } from '../../kql';
import type { StreamPlan } from '../../streaming/stream-plan';
import { channelsOf, providersOf } from '../windows-events';
import { type Dependency, isOrAre, listed } from './dependency';
import { eventIdsOf, eventSourcesOf } from './events';
import { parsedColumns, parseLiterals } from './parse-dependencies';

type Parse = OpOf<'parse'>;

/** What a manifest older than the field lacks, by the age of its newest fields. */
const UP_TO: Readonly<Record<1 | 2, string>> = { 1: 'before 10.0', 2: 'before 13.30' };

/**
 * Tries each `parse` of EventData on events as every Sysmon manifest writes them: where it fails on one of them, and where a column takes
 * another field than the one it is named after.
 * @param numberOf number of the stage that an operator belongs to
 */
export function sysmonDependencies(stream: StreamPlan, numberOf: (op: Op) => string | undefined): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const branch of stream.legs.flatMap(({ branches }) => branches)) {
    const reads = eventSourcesOf(branch).some(
      (source) =>
        [source, ...providersOf(source)].some(isSysmon) ||
        channelsOf(source).some((channel) => providersOf(channel).some(isSysmon)),
    );
    if (branch.table !== 'Event' || !reads) continue;
    for (const op of branch.ops) {
      if (op.op !== 'parse' || op.input.k !== 'col' || op.input.name !== 'EventData') continue;
      for (const id of eventIdsOf(branch)) {
        for (const item of [...failures(op, id, numberOf(op)), ...mistaken(op, id, numberOf(op))])
          found.set(item.message, item);
      }
    }
  }
  return [...found.values()];
}

/** The text of an event whose fields say their own names. */
const sample = (fields: readonly SysmonField[]): string =>
  `<DataItem Type="System.XmlData">${eventData(fields.map(({ name }) => [name, `(${name})`])).xml}</DataItem>`;

/** What the parse takes out of an event: column → text; undefined where it fails. */
function capture(op: Parse, fields: readonly SysmonField[]): Map<string, string> | undefined {
  const step = prepareOperator({ ...op, filter: true }, [{ name: 'EventData', type: 'string' }]);
  if (step.kind !== 'row') return undefined;
  const row = step.map([sample(fields)], createRuntime({ now: 0n }));
  return row ? new Map(step.schema.map(({ name }, i) => [name, String(row[i] ?? '')])) : undefined;
}

function failures(op: Parse, id: number, stage: string | undefined): Dependency[] {
  const all = sysmonFields(id);
  if (!all) return [];
  if (!capture(op, all)) {
    const message = `Stage ${stage} never finds all of its literals in Sysmon event ${id} (${
      listed(
        parseLiterals(op).filter((text) => !sample(all).includes(text)),
        6,
      ) || 'their order is another'
    }): ${listed(parsedColumns(op), 12)} ${isOrAre(parsedColumns(op))} always empty.`;
    return [{ code: 'parse-never-matches', severity: 'warning', stage, columns: parsedColumns(op), message }];
  }
  for (const age of [2, 1] as const) {
    const older = all.filter((field) => field.age <= age);
    if (older.length === all.length || capture(op, older)) continue;
    const lacks = all
      .filter((field) => field.age > age && parseLiterals(op).some((text) => text.includes(`${field.name}">`)))
      .map(({ name }) => name);
    return [
      {
        code: 'parse-needs-newer-sysmon',
        severity: 'warning',
        stage,
        columns: parsedColumns(op),
        message: `Sysmon ${UP_TO[age]} writes event ${id} without ${listed(lacks)}: there the parse of stage ${stage} fails and ${listed(parsedColumns(op), 12)} ${isOrAre(parsedColumns(op))} empty.`,
      },
    ];
  }
  return [];
}

function mistaken(op: Parse, id: number, stage: string | undefined): Dependency[] {
  const all = sysmonFields(id);
  const captured = all && capture(op, all);
  if (!captured) return [];
  return parsedColumns(op).flatMap((column): Dependency[] => {
    const field = /^\((\w+)\)$/.exec(captured.get(column) ?? '')?.[1];
    if (field === column || !all.some(({ name }) => name === column)) return [];
    const message = `In Sysmon event ${id} the column ${column} of stage ${stage} takes ${field ? `the field ${field}` : 'more than one field'}, not the field ${column}.`;
    return [{ code: 'parse-takes-other-field', severity: 'warning', stage, columns: [column], message }];
  });
}

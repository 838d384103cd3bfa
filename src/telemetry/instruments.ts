export interface Instrument {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** UCUM; what is counted in braces. */
  readonly unit: string;
  readonly description: string;
  /** Names of its attributes. */
  readonly attributes?: readonly string[];
}

/**
 * Every metric, named as OpenTelemetry's conventions ask: a namespace, singular attributes, units apart from names.
 * https://opentelemetry.io/docs/specs/semconv/general/metrics/
 */
export const INSTRUMENTS = {
  'outrider.messages': {
    kind: 'counter',
    unit: '{message}',
    description: 'Messages evaluated; skipped: nothing in them can match, so they were not parsed.',
    attributes: ['outrider.message.outcome'],
  },
  'outrider.messages.lost': {
    kind: 'counter',
    unit: '{message}',
    description: 'Messages that a partition lost before they were evaluated.',
  },
  'outrider.events': { kind: 'counter', unit: '{event}', description: 'Records of the messages that were parsed.' },
  'outrider.matches': {
    kind: 'counter',
    unit: '{row}',
    description: "Rows that came through a rule's row stage; redelivered: counted before.",
    attributes: ['outrider.match.outcome'],
  },
  'outrider.dead_letters': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records that could not be evaluated.',
    attributes: ['outrider.dead_letter.reason'],
  },
  'outrider.rule.faults': {
    kind: 'counter',
    unit: '{record}',
    description:
      "Records that a rule failed on by no error of KQL's: a fault of the program, or a bound of the engine it runs in.",
  },
  'outrider.windows': {
    kind: 'counter',
    unit: '{window}',
    description: 'Windows run; corrected: again, for late events; failed: given up.',
    attributes: ['outrider.window.outcome'],
  },
  'outrider.alerts': {
    kind: 'counter',
    unit: '{alert}',
    description: 'Alerts published.',
    attributes: ['outrider.alert.change'],
  },
  'outrider.deliveries': {
    kind: 'counter',
    unit: '{alert}',
    description: 'Alerts given to sinks.',
    attributes: ['outrider.delivery.outcome'],
  },
  'outrider.evaluate.duration': { kind: 'histogram', unit: 's', description: 'Time of one batch.' },
  'outrider.flush.duration': { kind: 'histogram', unit: 's', description: 'Time of one flush.' },
  'outrider.hub.lag': { kind: 'gauge', unit: '{message}', description: 'Messages in the hub not evaluated yet.' },
  'outrider.hub.delay': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the last message evaluated, of the partition furthest behind; 0: all are read.',
  },
  'outrider.partition.stalled': {
    kind: 'gauge',
    unit: '{partition}',
    description: 'Partitions with messages of which none has been evaluated for five minutes.',
  },
  'outrider.flush.behind': {
    kind: 'gauge',
    unit: '{rule}',
    description: 'Rules with windows or corrections that the last flush had no time for.',
  },
  'outrider.expired': {
    kind: 'counter',
    unit: '{entity}',
    description: 'Entities of state and alerts that were too old and were deleted.',
  },
  'outrider.flush.lag': {
    kind: 'gauge',
    unit: 's',
    description: 'How long the next window of the rule furthest behind is overdue.',
  },
  'outrider.window.waiting': {
    kind: 'gauge',
    unit: '{rule}',
    description: 'Rules whose next window waits for partitions to be read.',
  },
  'outrider.correction.waiting': {
    kind: 'gauge',
    unit: '{pane}',
    description: 'Panes with events that came after their windows had run.',
  },
  'outrider.delivery.pending': {
    kind: 'gauge',
    unit: '{window}',
    description: 'Windows with alerts that wait for a sink.',
    attributes: ['outrider.sink.name'],
  },
  'outrider.group.open': { kind: 'gauge', unit: '{group}', description: 'Groups held for windows to come.' },
  'outrider.row.open': { kind: 'gauge', unit: '{row}', description: 'Rows held for windows to come.' },
  'outrider.table.silence': {
    kind: 'gauge',
    unit: 's',
    description: 'Time since an event of a table that rules use was last seen (by sample).',
    attributes: ['outrider.table.name'],
  },
} as const satisfies Readonly<Record<string, Instrument>>;

export type InstrumentName = keyof typeof INSTRUMENTS;

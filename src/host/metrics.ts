import type { DeadLetterReason } from '../deadletters/record';
import type { EvaluateResult, FlushResult } from '../engine';
import type { OpenGroups } from '../engine/open-groups';
import type { EngineStatus } from '../engine/status';
import type { Telemetry } from '../telemetry/telemetry';

/** What the functions do, as metrics. */
export class AppMetrics {
  constructor(private readonly telemetry: Telemetry) {}

  evaluated({ messages, skipped, records, matches, redelivered, faults, lost }: EvaluateResult, ms: number): void {
    const { telemetry } = this;
    telemetry.record('outrider.messages', skipped, { 'outrider.message.outcome': 'skipped' });
    telemetry.record('outrider.messages', messages - skipped, { 'outrider.message.outcome': 'parsed' });
    telemetry.record('outrider.messages.lost', lost);
    telemetry.record('outrider.events', records);
    telemetry.record('outrider.matches', matches - redelivered, { 'outrider.match.outcome': 'counted' });
    telemetry.record('outrider.matches', redelivered, { 'outrider.match.outcome': 'redelivered' });
    telemetry.record('outrider.rule.faults', faults);
    telemetry.record('outrider.evaluate.duration', ms / 1000);
  }

  /** Partitions that stand still. */
  stalled(partitions: number): void {
    this.telemetry.record('outrider.partition.stalled', partitions);
  }

  deadLetters(reason: DeadLetterReason, count: number): void {
    this.telemetry.record('outrider.dead_letters', count, { 'outrider.dead_letter.reason': reason });
  }

  flushed(result: FlushResult, ms: number): void {
    const { telemetry } = this;
    const window = (outcome: string, count: number): void =>
      telemetry.record('outrider.windows', count, { 'outrider.window.outcome': outcome });
    window('run', Math.max(0, result.windows - result.corrections));
    window('corrected', result.corrections);
    window('failed', result.failed);
    for (const change of ['created', 'revised', 'withdrawn'] as const)
      telemetry.record('outrider.alerts', result[change], { 'outrider.alert.change': change });
    telemetry.record('outrider.deliveries', result.sent, { 'outrider.delivery.outcome': 'sent' });
    telemetry.record('outrider.deliveries', result.undelivered, { 'outrider.delivery.outcome': 'failed' });
    telemetry.record('outrider.expired', result.expired);
    telemetry.record('outrider.flush.behind', result.behind);
    telemetry.record('outrider.flush.duration', ms / 1000);
  }

  /** `sinks`: those configured, which have a value also when nothing waits. */
  status(status: EngineStatus, sinks: readonly string[], groups?: OpenGroups): void {
    const { telemetry } = this;
    telemetry.record('outrider.flush.lag', Math.max(0, status.rules[0]?.overdueMs ?? 0) / 1000);
    telemetry.record('outrider.window.waiting', status.rules.filter(({ waitingSince }) => waitingSince > 0).length);
    telemetry.record('outrider.correction.waiting', status.correctionsWaiting);
    const pending = new Map(sinks.map((sink) => [sink, 0]));
    for (const { sink, windows } of status.pending) pending.set(sink, windows);
    for (const [sink, windows] of pending)
      telemetry.record('outrider.delivery.pending', windows, { 'outrider.sink.name': sink });
    if (status.hub) {
      telemetry.record('outrider.hub.lag', status.hub.messages);
      telemetry.record('outrider.hub.delay', status.hub.behindMs / 1000);
    }
    for (const [table, at] of status.tables)
      telemetry.record('outrider.table.silence', Math.max(0, status.at - at) / 1000, { 'outrider.table.name': table });
    if (!groups) return;
    telemetry.record('outrider.group.open', groups.groups);
    telemetry.record('outrider.row.open', groups.rows);
  }
}

import type { Alert, AlertEntity, ResultRow } from './alert';
import { canonicalJson } from './canonical';
import { escapeCharacter } from './terminal';

export interface PrintOptions {
  /** ANSI colours. Default false. */
  colour?: boolean;
  /** Columns of the terminal, at least 40. Longer values are cut, visibly. Default 120. */
  width?: number;
  /** Result rows to show. Default 5. */
  maxResults?: number;
  /** Name of a MITRE technique id, such as `Remote Services: Distributed Component Object Model`. */
  techniqueTitle?: (id: string) => string | undefined;
}

const COLOURS = { High: '31;1', Medium: '33;1', Low: '36', Informational: '34', bold: '1', dim: '2' } as const;

/**
 * An alert as an analyst reads it on a terminal, lines joined by `\n`. Values were written by whoever made the events:
 * control characters, terminal escapes, bidirectional overrides and invisible characters come out as visible escapes
 * (`\x1b`, `\u{202e}`), so that no value can forge a line or move the cursor.
 */
export function formatAlert(alert: Alert, options: PrintOptions = {}): string {
  const width = Math.max(40, options.width ?? 120);
  const paint = (style: keyof typeof COLOURS, text: string) =>
    options.colour ? `\x1b[${COLOURS[style]}m${text}\x1b[0m` : text;
  const lines: string[] = [];
  const marks = [
    ...(alert.Status === 'Withdrawn' ? ['WITHDRAWN'] : []),
    ...(alert.Revision > 1 ? [`revision ${alert.Revision}`] : []),
    ...(alert.Incomplete ? ['incomplete'] : []),
  ];
  const heading = `${paint(alert.AlertSeverity, alert.AlertSeverity.toUpperCase())}  ${paint('bold', printable(alert.AlertName, width))}`;
  lines.push(marks.length === 0 ? heading : `${heading}  (${marks.join(', ')})`);

  const field = (label: string, value: string) => {
    if (value !== '') lines.push(`  ${paint('dim', label.padEnd(11))} ${printable(value, width - 14)}`);
  };
  field('About', alert.Description.split('\n')[0] ?? '');
  for (const [index, id] of split(alert.Techniques).entries()) {
    const title = options.techniqueTitle?.(id);
    field(index === 0 ? 'Technique' : '', title === undefined ? id : `${id}  ${title}`);
  }
  field('Tactics', split(alert.Tactics).map(words).join(', '));
  field('Window', `${shortTime(alert.WindowStart)} to ${shortTime(alert.WindowEnd)}`);
  field('Events', alert.StartTime === alert.EndTime ? alert.StartTime : `${alert.StartTime} to ${alert.EndTime}`);
  for (const [index, entity] of alert.Entities.slice(0, 20).entries()) {
    field(index === 0 ? 'Entities' : '', `${entity.Type}: ${entityText(entity)}`);
  }
  if (alert.Entities.length > 20) field('', `… and ${alert.Entities.length - 20} more`);
  for (const [name, values] of Object.entries(alert.CustomDetails)) field('Detail', `${name}: ${values.join(', ')}`);

  const shown = alert.Results.slice(0, options.maxResults ?? 5);
  const overall = alert.ExtendedProperties['Search Query Results Overall Count'];
  for (const [index, row] of shown.entries()) {
    const title = alert.Results.length === 1 ? 'Result' : `Result ${index + 1}`;
    lines.push(`  ${paint('dim', title)}`, ...resultLines(row, width, (text) => paint('dim', text)));
  }
  if (alert.Results.length > shown.length) lines.push(`  … and ${alert.Results.length - shown.length} more results`);
  const status = alert.ExtendedProperties['Alert generation status'] ?? '';
  if (status.startsWith('Partial')) field('Limits', `${status} (${overall} results in all)`);
  field('Rule', alert.AlertType);
  field('Alert', alert.SystemAlertId);
  return lines.join('\n');
}

/**
 * Makes a value safe and short for one line of a terminal: at most `width` characters, the rest counted. Characters that
 * act instead of show are written as escapes.
 */
export function printable(value: string, width = 120): string {
  const whole = escapeUpTo(value, width);
  if (whole.taken === value.length) return whole.text;
  const reserved = `… (+${value.length} characters)`.length;
  const { text, taken } = escapeUpTo(value, Math.max(0, width - reserved));
  return `${text}… (+${value.length - taken} characters)`;
}

/** Escapes as many characters as fit; `taken` counts their UTF-16 units. Looks at no more of the value than that. */
function escapeUpTo(value: string, width: number): { text: string; taken: number } {
  let text = '';
  let taken = 0;
  while (taken < value.length) {
    const character = String.fromCodePoint(value.codePointAt(taken)!);
    const shown = escapeCharacter(character);
    if (text.length + shown.length > width) break;
    text += shown;
    taken += character.length;
  }
  return { text, taken };
}

function resultLines(row: ResultRow, width: number, dim: (text: string) => string): string[] {
  const names = Object.keys(row);
  const longest = Math.min(28, Math.max(...names.map((name) => name.length), 1));
  return names.map((name) => {
    const label = printable(name, longest).padEnd(longest);
    return `    ${dim(label)}  ${printable(valueText(row[name]), width - longest - 6)}`;
  });
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '(null)';
  if (value === '') return '(empty)';
  return typeof value === 'object' ? canonicalJson(value) : String(value);
}

function entityText(entity: AlertEntity): string {
  const has = (name: string) => (typeof entity[name] === 'string' ? (entity[name] as string) : '');
  if (entity.Type === 'host' && has('HostName')) return [has('HostName'), has('DnsDomain')].filter(Boolean).join('.');
  if (entity.Type === 'account' && has('Name')) {
    return `${has('NTDomain') && `${has('NTDomain')}\\`}${has('Name')}${has('UPNSuffix') && `@${has('UPNSuffix')}`}`;
  }
  return Object.entries(entity)
    .filter(([name, value]) => name !== '$id' && name !== 'Type' && typeof value !== 'object')
    .map(([name, value], _, all) => (all.length === 1 ? String(value) : `${name}=${value}`))
    .join('  ');
}

function split(list: string): string[] {
  return list.split(',').filter((item) => item !== '');
}

/** `LateralMovement` as `Lateral Movement`. */
function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2');
}

/** Drops decimals that say nothing: `2019-04-30T20:00:00Z`. */
function shortTime(time: string): string {
  return time.replace(/\.0+Z$/, 'Z');
}

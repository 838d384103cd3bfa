import { integer } from '../json';
import { normalizeTime } from '../time';
import type { RejectReason } from '../types';
import { child, escapeText, parseXml, serialize, textOf, XmlError, type XmlNode } from '../xml';
import { accountOfSid } from './accounts';
import { EVENT_NAMESPACE, eventData, eventRow, type Payload, parameter } from './event-row';

export type XmlEventResult =
  | { fields: Record<string, unknown> }
  | { flat: XmlNode } // an Event element without System: some shipper's own form
  | { reason: RejectReason; detail: string };

/** What a shipper says of the event beside its XML. */
export interface Beside {
  /** The rendered description. */
  readonly message?: string | undefined;
  /** The account that the event's SID names on its machine. */
  readonly userName?: string | undefined;
}

const DATA_ELEMENTS = ['EventData', 'UserData', 'BinaryEventData', 'DebugData', 'ProcessingErrorData'];

/**
 * One `<Event>` element, with or without RenderingInfo, as its `Event` row.
 * https://learn.microsoft.com/windows/win32/wes/eventschema-elements
 */
export function readXmlEvent(text: string, beside: Beside = {}): XmlEventResult {
  let event: XmlNode;
  try {
    event = parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) return { reason: 'invalid-xml', detail: error.message };
    throw error;
  }
  const system = child(event, 'System');
  if (event.name !== 'Event')
    return { reason: 'unknown-shape', detail: `element ${event.name} is not a Windows event` };
  if (system === undefined) return { flat: event };
  const eventId = integer(textOf(child(system, 'EventID')));
  if (eventId === undefined) return { reason: 'invalid-xml', detail: 'System has no EventID' };
  const created = child(system, 'TimeCreated')?.attributes.get('SystemTime');
  const time = normalizeTime(created);
  if (time === undefined) return { reason: 'no-time', detail: `TimeCreated SystemTime is ${created ?? 'missing'}` };
  return {
    fields: eventRow({
      provider: child(system, 'Provider')?.attributes.get('Name') ?? '',
      channel: textOf(child(system, 'Channel')).trim(),
      computer: textOf(child(system, 'Computer')).trim(),
      eventId,
      level: integer(textOf(child(system, 'Level'))) ?? 0,
      task: integer(textOf(child(system, 'Task'))),
      time,
      userName: beside.userName || accountOfSid(child(system, 'Security')?.attributes.get('UserID')),
      message: textOf(child(child(event, 'RenderingInfo'), 'Message')) || beside.message,
      data: dataOf(event),
    }),
  };
}

/** The row of a text that is one event, for records that have the event's fields as well: `undefined` for any other text, such as one that was cut. */
export function readEventXml(text: string, beside: Beside): Record<string, unknown> | undefined {
  if (!/^\s{0,16}<(?:Event[\s>]|\?xml)/.test(text)) return undefined;
  const result = readXmlEvent(text, beside);
  return 'fields' in result ? result.fields : undefined;
}

function dataOf(event: XmlNode): Payload {
  const data = event.children.find((node) => DATA_ELEMENTS.includes(node.name));
  if (data === undefined) return eventData([]);
  const namespace = data.attributes.has('xmlns') ? '' : ` xmlns="${event.attributes.get('xmlns') ?? EVENT_NAMESPACE}"`;
  const values = data.children.filter((node) => node.name === 'Data');
  return {
    xml: serialize(data, namespace),
    parameters: values.map((node) => parameter(escapeText(textOf(node)))).join(''),
  };
}

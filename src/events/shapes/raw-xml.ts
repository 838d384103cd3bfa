import { isObject, type JsonObject, own, scalarText } from '../json';
import { type Beside, readXmlEvent } from '../windows-log/xml-event';
import { splitEvents, textOf, type XmlNode } from '../xml';
import { nxlog } from './nxlog';
import type { Collector, RecordShape } from './shape';

const startsAsEvent = (value: unknown): value is string =>
  typeof value === 'string' && /^\s{0,16}(?:<\?xml|<Events?[\s>])/.test(value.slice(0, 32));

/** The text of a Windows event that stands in a property of the record, or of an object in it. */
function eventXmlIn(record: JsonObject): string | undefined {
  const values = Object.values(record);
  const direct = values.find(startsAsEvent);
  if (direct !== undefined) return direct;
  for (const value of values) {
    const nested = isObject(value) ? Object.values(value).find(startsAsEvent) : undefined;
    if (nested !== undefined) return nested;
  }
  return undefined;
}

/**
 * The event's own XML in some property: Vector and Cribl pass-through (`message`, `_raw`), OpenWEC (`data`),
 * Fluent Bit with Render_Event_As_XML (`System`), Azure diagnostics of VMs (`properties.RawXml`), `event.original` …
 */
export const rawXml: RecordShape = {
  name: 'raw XML in a property',
  hints: ['_raw', 'message', 'raw', 'xml', 'RawXml', 'EventXml', 'cribl_breaker'],
  matches: (record) => eventXmlIn(record) !== undefined,
  read: (record, out) => {
    // Fluent Bit's and Fluentd's names of it.
    const message = scalarText(own(record, 'Message')) ?? scalarText(own(record, 'Description'));
    readXmlText(eventXmlIn(record)!, out, { message });
  },
};

/** Every `<Event>` of a text becomes a row or a rejected record of its own; `beside` goes with an only one. */
export function readXmlText(text: string, out: Collector, beside: Beside = {}): void {
  const { prolog, events } = splitEvents(text);
  if (/<!(?!--)/.test(prolog)) {
    out.reject('invalid-xml', 'a document type declaration is not allowed', text);
    return;
  }
  if (events.length === 0) {
    const root = /<([^\s!?/>][^\s/>]{0,63})/.exec(text)?.[1];
    const detail =
      root === undefined
        ? 'no XML element'
        : `no Event element: the text begins with ${root}; nearest: Windows event XML`;
    out.reject(root === undefined ? 'invalid-xml' : 'unknown-shape', detail, text);
    return;
  }
  for (const event of events) {
    const result = readXmlEvent(event, events.length === 1 ? beside : {});
    if ('fields' in result) out.row('Event', result.fields);
    else if ('flat' in result) readFlat(result.flat, event, out);
    else out.reject(result.reason, result.detail, event);
  }
}

/** NXLog's own XML (`to_xml`): an Event of one element per field. */
function readFlat(event: XmlNode, text: string, out: Collector): void {
  const record: JsonObject = {};
  for (const node of event.children) {
    if (node.name !== '')
      Object.defineProperty(record, node.name, {
        value: textOf(node),
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }
  if (nxlog.matches(record)) nxlog.read(record, out);
  else
    out.reject(
      'unknown-shape',
      `an Event element without System; nearest: Windows event XML (has ${Object.keys(record).slice(0, 5).join(', ')})`,
      text,
    );
}

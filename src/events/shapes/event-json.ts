import { integer, isObject, type JsonObject, own, ownObject, scalarText, toJson } from '../json';
import { key } from '../keys';
import { normalizeTime } from '../time';
import { accountOfSid } from '../windows-log/accounts';
import { EVENT_NAMESPACE, eventData, eventRow, type Payload, unorderedEventData } from '../windows-log/event-row';
import { levelOfName } from '../windows-log/levels';
import { renderedMessage } from '../windows-log/message';
import { namedUserData } from '../windows-log/user-data';
import { parseXml, serialize, XmlError } from '../xml';
import { QUOTE, type RecordShape, rejectIncomplete } from './shape';

const EVENT = key('Event');
const SYSTEM = key('System');
const USER_DATA = key('UserData');
const EVENT_ID = key('EventID');
const CREATED = key('TimeCreated');
const PARTS = ['EventID', 'TimeCreated', 'TimeCreated_attributes'].map((name) => [name, key(name)] as const);

/**
 * The event's XML turned into JSON element by element: OpenWEC's format Json, evtx_dump, converters of XML in general
 * (Cribl, Logstash's xml filter, xmltodict …). Attributes are properties with or without a mark, or in an object of their own;
 * values stand by name, or in a list of `Data`.
 * https://github.com/cea-sec/openwec/blob/main/doc/formats.md
 */
export const eventJson: RecordShape = {
  name: 'Windows event as JSON',
  hints: ['Event', 'System', 'EventData', 'UserData', 'RenderingInfo', 'OpenWEC'],
  matches: (record) => systemOf(eventOf(record)) !== undefined,
  glance: (record) => {
    const event = record.objectAt(EVENT);
    if (event !== undefined) record.enter(event);
    const system = record.objectAt(SYSTEM);
    const hasXml = record.kind(USER_DATA) === QUOTE;
    if (system === undefined) {
      if (event !== undefined) record.leave();
      return false;
    }
    record.enter(system);
    if (!record.has(EVENT_ID) || !record.has(CREATED)) {
      record.leave();
      return false;
    }
    const parts: JsonObject = {};
    for (const [name, at] of PARTS) if (record.has(at)) parts[name] = JSON.parse(record.json(at)!);
    const created = attributeOf(parts, 'TimeCreated', 'SystemTime') ?? textOf(own(parts, 'TimeCreated'));
    const isWhole = !hasXml && normalizeTime(created) !== undefined;
    return isWhole ? integer(textOf(own(parts, 'EventID'))) : undefined;
  },
  read: (record, out) => {
    const event = eventOf(record);
    const system = systemOf(event)!;
    const rendering = ownObject(event, 'RenderingInfo');
    const eventId = integer(textOf(own(system, 'EventID')));
    const created = attributeOf(system, 'TimeCreated', 'SystemTime') ?? textOf(own(system, 'TimeCreated'));
    const time = normalizeTime(created);
    if (eventId === undefined || time === undefined) {
      rejectIncomplete(out, record, 'event JSON', {
        eventId,
        noId: 'EventID is not a number',
        noTime: `TimeCreated is ${created ?? 'missing'}`,
      });
      return;
    }
    const provider = attributeOf(system, 'Provider', 'Name') ?? textOf(own(system, 'Provider')) ?? '';
    const user = attributeOf(system, 'Security', 'UserID') ?? textOf(own(system, 'UserID'));
    out.row(
      'Event',
      eventRow({
        provider,
        channel: textOf(own(system, 'Channel')) ?? '',
        computer: textOf(own(system, 'Computer')) ?? '',
        eventId,
        level: integer(textOf(own(system, 'Level'))) ?? levelOfName(textOf(own(rendering, 'Level'))) ?? 0,
        task: integer(textOf(own(system, 'Task'))),
        time,
        userName: accountOfSid(user),
        message: renderedMessage(textOf(own(rendering, 'Message'))),
        data: dataOf(event, provider, eventId),
      }),
    );
  },
};

const eventOf = (record: JsonObject): JsonObject => {
  const event = own(record, 'Event');
  return isObject(event) ? event : record;
};

function systemOf(event: JsonObject): JsonObject | undefined {
  const system = own(event, 'System');
  return isObject(system) && Object.hasOwn(system, 'EventID') && Object.hasOwn(system, 'TimeCreated')
    ? system
    : undefined;
}

const TEXT = ['#text', '_', '$t', 'text', '$value', 'content', 'Value', 'value'];
const ATTRIBUTES = ['#attributes', '@attributes', '$', '_attributes'];
const MARKS = ['', '@', '@_', '_', '-'];

/** The text of an element: a scalar, or what an element with attributes has it in. */
function textOf(node: unknown): string | undefined {
  if (!isObject(node)) return scalarText(node);
  for (const name of TEXT) {
    const text = scalarText(own(node, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** An attribute of a child element. */
function attributeOf(parent: JsonObject, element: string, attribute: string): string | undefined {
  const node = own(parent, element);
  const beside = ownObject(parent, `${element}_attributes`);
  return (isObject(node) ? attributeIn(node, attribute) : undefined) ?? scalarText(own(beside, attribute));
}

function attributeIn(node: JsonObject, attribute: string): string | undefined {
  for (const mark of MARKS) {
    const value = scalarText(own(node, mark + attribute));
    if (value !== undefined) return value;
  }
  for (const name of ATTRIBUTES) {
    const value = scalarText(own(ownObject(node, name), attribute));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Properties that are attributes of the element, not elements in it. */
const isAttribute = (name: string): boolean => /^[#@$]|^_?xmlns|^-|_attributes$/.test(name);

function dataOf(event: JsonObject, provider: string, eventId: number): Payload {
  const data = own(event, 'EventData');
  if (isObject(data)) return eventDataOf(data, provider, eventId);
  if (Array.isArray(data)) return eventDataOf({ Data: data }, provider, eventId);
  const user = own(event, 'UserData');
  return typeof user === 'string' ? userDataOfXml(user) : userDataOf(ownObject(event, 'UserData'));
}

/** Values in `Data` keep the event's order, unless `Data` is an object of them; those by name need not. */
function eventDataOf(data: JsonObject, provider: string, eventId: number): Payload {
  const listed = own(data, 'Data');
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(data))
    if (name !== 'Data' && name !== 'Binary') addValue(values, name, value);
  const isMap = isObject(listed) && textOf(listed) === undefined && attributeIn(listed, 'Name') === undefined;
  if (isMap && !Array.isArray(own(listed, '#text'))) {
    for (const [name, value] of Object.entries(listed)) addValue(values, name, value);
    return unorderedEventData(provider, eventId, values);
  }
  const items = (Array.isArray(listed) ? listed : [listed]).filter((item) => item !== undefined && item !== null);
  if (items.length === 0) return unorderedEventData(provider, eventId, values);
  return eventData([...values, ...items.flatMap(dataElements)], undefined, textOf(own(data, 'Binary')));
}

function addValue(values: Map<string, string>, name: string, value: unknown): void {
  if (isAttribute(name)) return;
  values.set(name, textOf(value) ?? (value === null || value === undefined ? '' : toJson(value)));
}

/** An element `Data`, or several that a converter made one of. */
function dataElements(item: unknown): [name: string | undefined, value: string][] {
  if (!isObject(item)) return [[undefined, scalarText(item) ?? '']];
  const name = attributeIn(item, 'Name');
  const texts = own(item, '#text');
  return Array.isArray(texts) ? texts.map((text) => [name, scalarText(text) ?? '']) : [[name, textOf(item) ?? '']];
}

/** OpenWEC hands UserData over as XML. */
function userDataOfXml(text: string): Payload {
  try {
    const node = parseXml(`<UserData>${text.replace(/^<UserData[^>]*>|<\/UserData>$/g, '')}</UserData>`);
    return { xml: serialize(node, ` xmlns="${EVENT_NAMESPACE}"`), parameters: '' };
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return eventData([['UserData', text]]);
  }
}

function userDataOf(data: JsonObject): Payload {
  const [element, content] = Object.entries(data).find(([name, value]) => !isAttribute(name) && isObject(value)) ?? [];
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(isObject(content) ? content : {})) {
    addValue(values, name, value);
  }
  const namespace = isObject(content) ? attributeIn(content, 'xmlns') : undefined;
  return values.size === 0 ? eventData([]) : namedUserData(element, values, namespace);
}

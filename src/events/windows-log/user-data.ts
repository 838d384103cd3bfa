import { escapeAttribute, escapeText } from '../xml';
import { EVENT_NAMESPACE, eventData, type Payload } from './event-row';

const ELEMENT = /^[A-Za-z_][\w.-]{0,127}$/;

/**
 * `UserData` of the elements in it, by name: `<UserData><NAME><A>…</A></NAME></UserData>`, without NAME where the shipper
 * has lost it, and without its namespace where the shipper keeps none. Elements whose names are no XML names become those
 * of an `EventData`.
 */
export function namedUserData(
  element: string | undefined,
  values: ReadonlyMap<string, string>,
  namespace?: string,
): Payload {
  const entries = [...values].filter(([name]) => name !== 'xml_name');
  if (entries.some(([name]) => !ELEMENT.test(name))) return eventData(entries);
  const inner = entries.map(([name, value]) => `<${name}>${escapeText(value)}</${name}>`).join('');
  const attribute = namespace === undefined ? '' : ` xmlns="${escapeAttribute(namespace)}"`;
  const named =
    element !== undefined && ELEMENT.test(element) ? `<${element}${attribute}>${inner}</${element}>` : inner;
  return { xml: `<UserData xmlns="${EVENT_NAMESPACE}">${named}</UserData>`, parameters: '' };
}

import { defineFunction } from '../define';
import { xmlToDynamic } from './support/xml';

const MAX_BYTES = 1_048_576;

/**
 * Attributes become `@name`, text beside them `#text`, repeated elements arrays; values are strings, null for an empty element. Null
 * for what is not XML or longer than 1 MB.
 */
export const parseXml = defineFunction({
  name: 'parse_xml',
  docs: 'parse-xml-function',
  params: ['string'],
  returns: 'dynamic',
  pieces: 'xml',
  impl: (text: string) =>
    text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES ? null : xmlToDynamic(text.trimStart()),
});

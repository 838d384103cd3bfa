import { defineFunction } from '../define';
import { encodeDomain } from './support/punycode';

/** Encodes a domain name: its labels that are not ASCII. "" where it fails. */
export const punycodeDomainToString = defineFunction({
  name: 'punycode_domain_to_string',
  docs: 'punycode-domain-to-string-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => encodeDomain(text) ?? '',
});

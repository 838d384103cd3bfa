import { defineFunction } from '../define';
import { decodeDomain } from './support/punycode';

/** Decodes a domain name: its labels that begin with xn--. "" where it fails. */
export const punycodeDomainFromString = defineFunction({
  name: 'punycode_domain_from_string',
  docs: 'punycode-domain-from-string-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => decodeDomain(text) ?? '',
});

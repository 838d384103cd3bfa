import { hasIpv4Function } from './support/has_ipv4';
import { prefixSearch } from './support/ipv4_search';

export const hasIpv4Prefix = hasIpv4Function('has_ipv4_prefix', prefixSearch, false);

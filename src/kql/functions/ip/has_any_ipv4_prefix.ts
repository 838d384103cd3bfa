import { hasIpv4Function } from './support/has_ipv4';
import { prefixSearch } from './support/ipv4_search';

export const hasAnyIpv4Prefix = hasIpv4Function('has_any_ipv4_prefix', prefixSearch, true);

import { hasIpv4Function } from './support/has_ipv4';
import { addressSearch } from './support/ipv4_search';

export const hasIpv4 = hasIpv4Function('has_ipv4', addressSearch, false);

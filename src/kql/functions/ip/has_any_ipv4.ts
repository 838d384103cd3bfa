import { hasIpv4Function } from './support/has_ipv4';
import { addressSearch } from './support/ipv4_search';

export const hasAnyIpv4 = hasIpv4Function('has_any_ipv4', addressSearch, true);

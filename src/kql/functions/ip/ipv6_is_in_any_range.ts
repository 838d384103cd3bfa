import { anyRange } from './support/any_range';
import { isInIpv6Range, parseIpv6 } from './support/ipv6';

export const ipv6IsInAnyRange = anyRange('ipv6_is_in_any_range', parseIpv6, isInIpv6Range);

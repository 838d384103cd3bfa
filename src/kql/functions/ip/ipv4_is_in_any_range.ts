import { anyRange } from './support/any_range';
import { isInIpv4Range, parseIpv4 } from './support/ipv4';

export const ipv4IsInAnyRange = anyRange('ipv4_is_in_any_range', parseIpv4, isInIpv4Range);

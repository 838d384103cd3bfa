/**
 * Requests to the store that an evaluating process has under way at a time, over all partitions that it reads. Each takes a socket: an
 * instance of Azure Functions is given 128 outbound ports for one destination before new connections wait or fail, and half of them are left
 * to the flush, the sinks and the host. It is enough for a batch of a hundred busy rules to wait twice. An account takes 20,000 entities a
 * second and a table partition 2,000: a transaction of a usual batch holds some ten, and every leg and pane is a partition of its own.
 *
 * @see https://learn.microsoft.com/azure/app-service/troubleshoot-intermittent-outbound-connection-errors
 * @see https://learn.microsoft.com/azure/storage/tables/scalability-targets
 */
export const MOST_REQUESTS = 64;

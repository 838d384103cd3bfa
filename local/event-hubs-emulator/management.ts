import rhea, { type EventContext, type Message } from 'rhea';
import type { Hub } from './hub';

/** Answers one request to `$management`: READ of a hub's or a partition's properties. */
export function managementResponse(request: Message, hubs: ReadonlyMap<string, Hub>): Message {
  const properties = request.application_properties ?? {};
  const name = String(properties.name ?? '');
  if (properties.operation !== 'READ') return status(400, `Unsupported operation: ${properties.operation}`);
  const hub = hubs.get(name.toLowerCase());
  if (!hub) return entityNotFound(name);
  if (properties.type === 'com.microsoft:eventhub') {
    return status(200, 'OK', {
      name: hub.name,
      type: properties.type,
      created_at: rhea.types.wrap_timestamp(hub.createdAt),
      partition_count: rhea.types.wrap_int(hub.partitions.length),
      partition_ids: rhea.types.wrap_array(
        hub.partitions.map((partition) => partition.log.id),
        0xa1,
        undefined,
      ),
    });
  }
  if (properties.type !== 'com.microsoft:partition') return status(400, `Unsupported type: ${properties.type}`);
  const log = hub.partitions.find((partition) => partition.log.id === String(properties.partition))?.log;
  if (!log) return entityNotFound(`${name}/Partitions/${properties.partition}`);
  return status(200, 'OK', {
    name: hub.name,
    type: properties.type,
    partition: log.id,
    begin_sequence_number: rhea.types.wrap_long(log.beginSequenceNumber),
    last_enqueued_sequence_number: rhea.types.wrap_long(log.nextSequenceNumber - 1),
    last_enqueued_offset: String(log.lastOffset),
    last_enqueued_time_utc: rhea.types.wrap_timestamp(log.lastEnqueuedTime),
    is_partition_empty: log.isEmpty,
  });
}

function entityNotFound(entity: string): Message {
  const answer = status(404, `The messaging entity '${entity}' could not be found.`);
  answer.application_properties = { ...answer.application_properties, 'error-condition': 'amqp:not-found' };
  return answer;
}

/** A response with this status code and body. */
export function status(code: number, description: string, body?: unknown): Message {
  return {
    application_properties: { 'status-code': rhea.types.wrap_int(code), 'status-description': description },
    body,
  };
}

type ReplyLinks = Map<string, EventContext['sender']>;
const replyLinks = new WeakMap<object, ReplyLinks>();

/** Remembers a client's receiver on `$cbs` or `$management`, to which answers go. */
export function addReplyLink(context: EventContext): void {
  const links: ReplyLinks = replyLinks.get(context.connection) ?? new Map();
  replyLinks.set(context.connection, links);
  const sender = context.sender!;
  links.set(sender.name, sender);
  const address = sender.target?.address;
  if (address) links.set(String(address), sender);
}

/** Forgets the link when the client closes it. */
export function removeReplyLink(context: EventContext): void {
  const links = replyLinks.get(context.connection);
  for (const [name, sender] of links ?? []) if (sender === context.sender) links?.delete(name);
}

/** Sends an answer to where the request wants it, or to the reply link of the same session. */
export function reply(context: EventContext, answer: Message): void {
  const links = replyLinks.get(context.connection);
  const to = context.message?.reply_to;
  const session = context.receiver?.session;
  const link = links?.get(String(to)) ?? [...(links?.values() ?? [])].find((sender) => sender?.session === session);
  link?.send({ ...answer, correlation_id: context.message?.message_id, to });
}

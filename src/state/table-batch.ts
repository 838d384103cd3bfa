import { randomUUID } from 'node:crypto';
import type { Operation, Properties, PropertyValue } from './store';

/**
 * The multipart body of an entity group transaction. It is built here and not by the client library because the library
 * sends every delete in a transaction with `If-Match: *`, whatever ETag it is given, and does not promise that the
 * operations go out in the order in which they were given.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export interface BatchBody {
  readonly contentType: string;
  readonly body: string;
}

const NEW_LINE = '\r\n';

/** @param tableUrl the account's table endpoint and the table, without a query */
export function batchBody(tableUrl: string, partitionKey: string, operations: readonly Operation[]): BatchBody {
  const batch = `batch_${randomUUID()}`;
  const changeset = `changeset_${randomUUID()}`;
  const lines = [`--${batch}`, `Content-Type: multipart/mixed; boundary=${changeset}`, ''];
  for (const operation of operations) {
    lines.push(`--${changeset}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '');
    lines.push(...requestLines(tableUrl, partitionKey, operation));
  }
  lines.push(`--${changeset}--`, `--${batch}--`, '');
  return { contentType: `multipart/mixed; boundary=${batch}`, body: lines.join(NEW_LINE) };
}

function requestLines(tableUrl: string, partitionKey: string, operation: Operation): string[] {
  const common = ['Accept: application/json;odata=minimalmetadata', 'DataServiceVersion: 3.0'];
  const entityUrl = `${tableUrl}(PartitionKey='${encodeKey(partitionKey)}',RowKey='${encodeKey(operation.rowKey)}')`;
  if (operation.kind === 'delete')
    return [`DELETE ${entityUrl} HTTP/1.1`, ...common, `If-Match: ${operation.ifMatch}`, '', ''];
  const json = entityJson(partitionKey, operation.rowKey, operation.properties);
  const content = [...common, 'Content-Type: application/json;odata=nometadata'];
  if (operation.kind === 'create')
    return [`POST ${tableUrl} HTTP/1.1`, ...content, 'Prefer: return-no-content', '', json];
  if (operation.kind === 'replace') content.push(`If-Match: ${operation.ifMatch}`);
  return [`PUT ${entityUrl} HTTP/1.1`, ...content, '', json];
}

function encodeKey(key: string): string {
  return encodeURIComponent(key.replaceAll("'", "''"));
}

function entityJson(partitionKey: string, rowKey: string, properties: Properties): string {
  const json: Record<string, unknown> = { PartitionKey: partitionKey, RowKey: rowKey };
  for (const [name, value] of Object.entries(properties)) {
    json[name] = jsonValue(value);
    const type = edmType(value);
    if (type) json[`${name}@odata.type`] = type;
  }
  return JSON.stringify(json);
}

function jsonValue(value: PropertyValue): string | number | boolean {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'object')
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  return value;
}

function edmType(value: PropertyValue): string | undefined {
  if (typeof value === 'bigint') return 'Edm.Int64';
  if (typeof value === 'number') return 'Edm.Double';
  if (typeof value === 'object') return 'Edm.Binary';
  return undefined;
}

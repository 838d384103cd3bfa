import { AsyncLocalStorage } from 'node:async_hooks';
import { TableClient, type TableEntityResult, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { NotFound } from './errors';
import { checkKey, checkTableName, checkTransaction } from './limits';
import { Once } from './once';
import {
  type EntityRange,
  type EntityStore,
  type Operation,
  type PropertyValue,
  type StoredEntity,
  type Written,
  writtenAt,
} from './store';
import { type BatchBody, batchBody } from './table-batch';
import { isTableMissing, translateError } from './table-errors';
import { TimedOut, within } from './within';

export interface TableStoreOptions {
  /** A storage connection string, or … */
  readonly connectionString?: string;
  /** … the table endpoint of the account with {@link credential}. */
  readonly endpoint?: string;
  readonly credential?: TokenCredential;
  /** How long a call may take, its retries and the sign-in included, milliseconds (default 30,000). */
  readonly timeoutMs?: number;
  /** How often a read is repeated by the client library (default 3). A transaction never is. */
  readonly readRetries?: number;
}

interface Clients {
  readonly reader: TableClient;
  readonly writer: TableClient;
  readonly created: Once<void>;
}

type Service = (table: string, options: TableServiceClientOptions) => TableClient;

const NOT_OURS = new Set(['partitionKey', 'rowKey', 'timestamp', 'etag', 'odata.metadata']);

/** A transaction under way: the body that it is to carry, see {@link batchBody}, and the Date of its answer. */
interface Sending {
  readonly own: BatchBody;
  readonly date: AnswerDate;
}

const sending = new AsyncLocalStorage<Sending>();

const sendOwnBody: NonNullable<TableServiceClientOptions['additionalPolicies']>[number] = {
  position: 'perCall',
  policy: {
    name: 'outriderTransactionBody',
    async sendRequest(request, next) {
      const current = sending.getStore();
      if (current) {
        request.body = current.own.body;
        request.headers.set('Content-Type', current.own.contentType);
      }
      const response = await next(request);
      current?.date.onResponse(response);
      return response;
    },
  },
};

/** The Date of the service's last answer to a call. */
class AnswerDate {
  private text: string | undefined;

  readonly onResponse = (response: { headers: { get(name: string): string | undefined } }): void => {
    this.text = response.headers.get('date');
  };

  get ms(): number | undefined {
    const ms = Date.parse(this.text ?? '');
    return Number.isNaN(ms) ? undefined : ms;
  }
}

/** The entity store on Azure Table Storage. Tables are created when they are first used. */
export class TableStore implements EntityStore {
  private readonly service: Service;
  private readonly timeoutMs: number;
  private readonly readRetries: number;
  private readonly clients = new Map<string, Clients>();

  constructor(options: TableStoreOptions) {
    this.service = chooseService(options);
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.readRetries = options.readRetries ?? 3;
  }

  async get(table: string, partitionKey: string, rowKey: string): Promise<StoredEntity | undefined> {
    checkKey('partition key', partitionKey);
    checkKey('row key', rowKey);
    return this.call(table, async (abortSignal) => {
      const { reader } = await this.open(table);
      try {
        return toEntity(await reader.getEntity(partitionKey, rowKey, { abortSignal }));
      } catch (error) {
        if (!isTableMissing(error) && translateError(error, Date.now()) instanceof NotFound) return undefined;
        throw error;
      }
    });
  }

  async *query(table: string, range: EntityRange, pageSize = 1000): AsyncIterable<readonly StoredEntity[]> {
    const queryOptions = {
      filter: rangeFilter(range),
      select: range.select && ['PartitionKey', 'RowKey', ...range.select],
    };
    let continuationToken: string | undefined;
    do {
      const page = await this.call(table, async (abortSignal) => {
        const { reader } = await this.open(table);
        const listing = reader.listEntities({ queryOptions, abortSignal });
        return (await listing.byPage({ maxPageSize: pageSize, continuationToken }).next()).value;
      });
      yield (page ?? []).map(toEntity);
      continuationToken = page?.continuationToken;
    } while (continuationToken);
  }

  async transact(table: string, partitionKey: string, operations: readonly Operation[]): Promise<Written> {
    checkTransaction(table, partitionKey, operations);
    return this.call(table, async (abortSignal) => {
      const { writer } = await this.open(table);
      const body = batchBody(`${writer.url.split('?')[0]!.replace(/\/$/, '')}/${table}`, partitionKey, operations);
      // The library supplies address, signature, transport and the reading of the answer.
      const placeholder = { partitionKey, rowKey: operations[0]!.rowKey };
      const date = new AnswerDate();
      const { subResponses } = await sending.run({ own: body, date }, () =>
        writer.submitTransaction([['delete', placeholder]], { abortSignal }),
      );
      const etags = subResponses.map((response, i) => (operations[i]?.kind === 'delete' ? undefined : response.etag));
      return writtenAt(etags, date.ms);
    });
  }

  /** The Date of the service's answer to a read. */
  async time(table: string): Promise<number | undefined> {
    return this.call(table, async (abortSignal) => {
      const { reader } = await this.open(table);
      const date = new AnswerDate();
      try {
        await reader.getEntity('time', 'none', { abortSignal, onResponse: date.onResponse });
      } catch (error) {
        // There is no such entity; the Date of the answer is all that is wanted.
        if (isTableMissing(error) || !(translateError(error, Date.now()) instanceof NotFound)) throw error;
      }
      return date.ms;
    });
  }

  /** Opens a table ahead of its first use: what is waited for then is under way. A failure is met, and told, by that use. */
  warm(table: string): void {
    this.open(table).catch(() => undefined);
  }

  private async open(table: string): Promise<Clients> {
    let clients = this.clients.get(table);
    if (!clients) {
      checkTableName(table);
      const reader = this.service(table, {
        retryOptions: { maxRetries: this.readRetries, retryDelayInMs: 200, maxRetryDelayInMs: 5000 },
      });
      // With a timeout of its own: several callers wait for it, and must not share that of the first.
      const created = new Once(() =>
        within(this.timeoutMs, 'table service', (abortSignal) => reader.createTable({ abortSignal })),
      );
      const writer = this.service(table, { retryOptions: { maxRetries: 0 }, additionalPolicies: [sendOwnBody] });
      clients = { reader, writer, created };
      this.clients.set(table, clients);
    }
    await clients.created.get();
    return clients;
  }

  /** One request, with its retries, the sign-in before it and the creation of the table. */
  private async call<T>(table: string, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await within(this.timeoutMs, 'table service', action);
    } catch (error) {
      // The table was removed meanwhile, or its creation hangs: the next call creates it again.
      const clients = this.clients.get(table);
      if (isTableMissing(error) || error instanceof TimedOut) clients?.created.giveUp();
      throw translateError(error, Date.now());
    }
  }
}

function chooseService({ connectionString, endpoint, credential }: TableStoreOptions): Service {
  if (connectionString !== undefined) {
    const plain = /usedevelopmentstorage=true|(?:endpointsprotocol=|tableendpoint=)http(?!s)/i.test(connectionString);
    return (table, options) =>
      TableClient.fromConnectionString(connectionString, table, { ...options, allowInsecureConnection: plain });
  }
  if (!endpoint || !credential)
    throw new TypeError('a table store needs a connection string, or endpoint and credential');
  return (table, options) =>
    new TableClient(endpoint, table, credential, { ...options, allowInsecureConnection: /^http:/i.test(endpoint) });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function rangeFilter(range: EntityRange): string {
  const terms = [`PartitionKey ge ${quote(range.partitionFrom)}`, `PartitionKey lt ${quote(range.partitionTo)}`];
  if (range.rowFrom !== undefined) terms.push(`RowKey ge ${quote(range.rowFrom)}`);
  if (range.rowTo !== undefined) terms.push(`RowKey lt ${quote(range.rowTo)}`);
  return terms.join(' and ');
}

function toEntity(result: TableEntityResult<Record<string, unknown>>): StoredEntity {
  const properties: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(result)) {
    if (NOT_OURS.has(name) || value === null || value === undefined) continue;
    properties[name] = toValue(value);
  }
  return {
    partitionKey: result.partitionKey ?? '',
    rowKey: result.rowKey ?? '',
    etag: result.etag,
    properties,
  };
}

function toValue(value: unknown): PropertyValue {
  if (value instanceof Uint8Array || (typeof value !== 'object' && value !== undefined)) return value as PropertyValue;
  throw new TypeError('a property of a type that is not used here');
}

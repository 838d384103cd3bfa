/** A message as an Event Hub delivers it. `enqueuedTime` is in ms since the epoch (UTC). */
export interface HubMessage {
  body: Uint8Array;
  sequenceNumber: number;
  enqueuedTime: number;
  properties?: Record<string, unknown>;
}

/**
 * One row of a named table.
 * `fields` holds JSON values as own properties (test with `Object.hasOwn`: names such as `constructor` or `__proto__`
 * may be there, or be asked for); integers that a double cannot hold are `bigint`. `TimeGenerated` is always an ISO-8601 text
 * with an explicit zone. Nothing is converted to column types here: that needs the table's schema.
 */
export interface DecodedRecord {
  /** Position in the message, counted over good and bad records alike: the same on every redelivery. */
  index: number;
  table: string;
  fields: Record<string, unknown>;
}

export type RejectReason =
  | 'empty' // no bytes but white space
  | 'inflate-failed' // gzip body that is damaged
  | 'too-large' // beyond a bound of bytes or records
  | 'too-deep' // nested deeper than a row can sensibly be
  | 'invalid-json' // truncated or malformed
  | 'invalid-xml' // malformed, or with a DTD or entities of its own
  | 'not-an-object' // a record that is null, a number, a string …
  | 'unknown-shape' // readable, but no shape reads it; the detail names the nearest
  | 'no-table' // a row without `Type` whose columns tell no table
  | 'no-time'; // no usable TimeGenerated, or what stands for it

/** What could not become a row. `raw` is the record's own text where it can be told apart, else the message body. */
export interface RejectedRecord {
  index: number;
  reason: RejectReason;
  detail: string;
  raw: Uint8Array | string;
}

export interface Decoded {
  records: DecodedRecord[];
  rejected: RejectedRecord[];
  /** Characters of the body's text, unpacked; 0 where it is not text. */
  text: number;
}

export interface DecodeOptions {
  /** Table of JSON objects that neither name one (`Type`) nor show it by their columns. */
  defaultTable?: string;
  /** Bound on a body after inflation, in bytes. Default 8 MiB. */
  maxInflatedBytes?: number;
}

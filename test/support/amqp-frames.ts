/** A piece of an AMQP 1.0 connection that stands for itself. */
export interface AmqpFrame {
  /** `open`, `attach`, `transfer` …; undefined for what is no performative: protocol headers, SASL, heartbeats. */
  readonly performative: string | undefined;
  readonly bytes: Buffer;
}

/** Descriptors of the performatives (OASIS AMQP 1.0, part 2, section 2.7). */
const PERFORMATIVES = ['open', 'begin', 'attach', 'flow', 'transfer', 'disposition', 'detach', 'end', 'close'];
const FIRST_DESCRIPTOR = 0x10;
const HEADER_BYTES = 8;

/** Cuts one direction of a connection into its frames; what has come of the next one is kept. */
export class AmqpFrames {
  private rest: Buffer = Buffer.alloc(0);

  push(data: Buffer): AmqpFrame[] {
    this.rest = Buffer.concat([this.rest, data]);
    const frames: AmqpFrame[] = [];
    while (this.rest.length >= HEADER_BYTES) {
      const isHeader = this.rest.toString('latin1', 0, 4) === 'AMQP';
      const size = isHeader ? HEADER_BYTES : this.rest.readUInt32BE(0);
      if (size < HEADER_BYTES) throw new Error(`not AMQP: a frame of ${size} bytes`);
      if (this.rest.length < size) break;
      const bytes = this.rest.subarray(0, size);
      this.rest = this.rest.subarray(size);
      frames.push({ performative: isHeader ? undefined : performativeOf(bytes), bytes });
    }
    return frames;
  }
}

function performativeOf(frame: Buffer): string | undefined {
  const [body, type] = [frame[4]! * 4, frame[5]];
  if (type !== 0 || frame.length <= body) return undefined;
  // Described type: 00, then the descriptor as a small or as a full ulong.
  const descriptor = frame[body + 1] === 0x53 ? frame[body + 2]! : Number(frame.readBigUInt64BE(body + 2));
  return PERFORMATIVES[descriptor - FIRST_DESCRIPTOR];
}

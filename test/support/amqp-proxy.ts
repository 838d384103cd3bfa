import { AmqpFrames } from './amqp-frames';
import { type Relay, startRelay } from './relay';

export type AmqpFault =
  | 'pass'
  /** The connection is cut instead. */
  | 'cut'
  /** Not passed on, or passed on; then called. Nothing comes through any more. */
  | { readonly before: () => void }
  | { readonly after: () => void };

export interface AmqpProxy extends Relay {
  /** Decides per frame, by its sender and its performative. */
  decide: (from: 'client' | 'hub', performative: string) => AmqpFault;
}

/** Passes AMQP connections on frame by frame, and fails on command. */
export async function startAmqpProxy(targetPort: number): Promise<AmqpProxy> {
  const relay = await startRelay(targetPort, (client, hub) => {
    let isOver = false;
    for (const [from, source, target] of [
      ['client', client, hub],
      ['hub', hub, client],
    ] as const) {
      const frames = new AmqpFrames();
      source.on('data', (data) => {
        for (const { performative, bytes } of frames.push(data)) {
          if (isOver) return;
          const fault = performative === undefined ? 'pass' : proxy.decide(from, performative);
          if (fault === 'cut') return void source.destroy();
          isOver = fault !== 'pass';
          if (fault === 'pass') target.write(bytes);
          else if ('before' in fault) fault.before();
          else target.write(bytes, fault.after);
        }
      });
    }
  });
  const proxy: AmqpProxy = { ...relay, decide: () => 'pass' };
  return proxy;
}

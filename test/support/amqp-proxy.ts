import net from 'node:net';
import { AmqpFrames } from './amqp-frames';

export type AmqpFault =
  | 'pass'
  /** The connection is cut instead. */
  | 'cut'
  /** From here on nothing comes through on this connection, either way, and it stays open. */
  | 'hang'
  /** Not passed on, or passed on; then called. Nothing comes through any more. */
  | { readonly before: () => void }
  | { readonly after: () => void };

export interface AmqpProxy {
  readonly port: number;
  /** Decides per frame, by its sender and its performative. */
  decide: (from: 'client' | 'hub', performative: string) => AmqpFault;
  /** Cuts every connection. */
  cut(): void;
  stop(): Promise<void>;
}

/** Passes AMQP connections on frame by frame, and fails on command. */
export async function startAmqpProxy(targetPort: number): Promise<AmqpProxy> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const hub = net.connect(targetPort, '127.0.0.1');
    let isHung = false;
    for (const [from, source, target] of [
      ['client', client, hub],
      ['hub', hub, client],
    ] as const) {
      sockets.add(source);
      source.setNoDelay(true);
      source.on('error', () => target.destroy());
      source.on('close', () => {
        sockets.delete(source);
        target.destroy();
      });
      const frames = new AmqpFrames();
      source.on('data', (data) => {
        for (const { performative, bytes } of frames.push(data)) {
          if (isHung) return;
          const fault = performative === undefined ? 'pass' : proxy.decide(from, performative);
          if (fault === 'cut') return void source.destroy();
          isHung = fault !== 'pass';
          if (fault === 'hang') return;
          if (typeof fault === 'object' && 'before' in fault) return fault.before();
          if (fault === 'pass') target.write(bytes);
          else target.write(bytes, fault.after);
        }
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: AmqpProxy = {
    port: (server.address() as net.AddressInfo).port,
    decide: () => 'pass',
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      proxy.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

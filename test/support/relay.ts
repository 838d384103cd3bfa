import net from 'node:net';

export interface Relay {
  readonly port: number;
  /** Cuts every connection. */
  cut(): void;
  stop(): Promise<void>;
}

/** Listens, and opens a connection to the target for each that comes; `pass` passes data on. Where one side ends, so does the other. */
export async function startRelay(
  targetPort: number,
  pass: (client: net.Socket, upstream: net.Socket) => void,
): Promise<Relay> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    pass(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    cut,
    async stop() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import net from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Called for each piece of data that a client sends, before it is passed on. Returns false to cut the connection instead. */
  onData: () => boolean;
  /** While set nothing comes through, and no connection is refused or cut: what comes meanwhile is lost. */
  isHung: boolean;
  /** Cuts every connection. */
  cut(): void;
  stop(): Promise<void>;
}

/** Passes connections on, and cuts them on command. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket, other: () => net.Socket): void => {
    sockets.add(socket);
    socket.on('error', () => other().destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const server = net.createServer((client) => {
    const upstream = net.connect(targetPort, '127.0.0.1');
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    keep(client, () => upstream);
    keep(upstream, () => client);
    client.on('data', (data) => {
      if (proxy.isHung) return;
      if (proxy.onData()) upstream.write(data);
      else client.destroy();
    });
    upstream.on('data', (data) => {
      if (!proxy.isHung) client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: TcpProxy = {
    port: (server.address() as net.AddressInfo).port,
    onData: () => true,
    isHung: false,
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

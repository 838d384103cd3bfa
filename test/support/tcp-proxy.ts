import { type Relay, startRelay } from './relay';

export interface TcpProxy extends Relay {
  /** While set nothing comes through, and no connection is refused or cut: what comes meanwhile is lost. */
  isHung: boolean;
}

/** Passes connections on, and cuts them on command. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const relay = await startRelay(targetPort, (client, upstream) => {
    client.on('data', (data) => {
      if (!proxy.isHung) upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (!proxy.isHung) client.write(data);
    });
  });
  const proxy: TcpProxy = { ...relay, isHung: false };
  return proxy;
}

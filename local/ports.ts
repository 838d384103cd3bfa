import { createServer } from 'node:net';

/**
 * Checks that a port can be listened on, on this machine's loopback address. Throws an Error that says which option
 * to change. 0 (any port) is always free.
 */
export async function assertPortFree(port: number, what: string): Promise<void> {
  if (port !== 0 && !(await isPortFree(port))) {
    throw new Error(`port ${port} for ${what} is taken by another program; choose another one, or 0 for any free port`);
  }
}

/** The preferred port when it is free, else 0 (any free port). */
export async function preferPort(port: number): Promise<number> {
  return (await isPortFree(port)) ? port : 0;
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server, and may lose connections as a machine on the way does that forgets them: nobody is told. */
export interface SilentProxy {
  port: number;
  /** How many connections were ever made through it. */
  made(): number;
  /** From now on nothing passes on the connections made so far. New ones are served. */
  forget(): void;
  close(): Promise<void>;
}

export async function startSilentProxy(targetPort: number): Promise<SilentProxy> {
  const all: [Socket, Socket][] = [];
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    all.push([near, far]);
    for (const one of [near, far]) one.on('error', () => {});
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    made: () => all.length,
    forget() {
      for (const [near, far] of all) {
        near.unpipe(far).resume();
        far.unpipe(near).resume().removeAllListeners('close');
      }
    },
    async close() {
      for (const one of all.flat()) one.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

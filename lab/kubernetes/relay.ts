import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Relay {
  port: number;
  /** Cuts every connection. May be called again. */
  stop(): Promise<void>;
}

/** Passes connections on from an address of this machine to a port that listens on loopback only: the way of nodes and pods to it. */
export async function startRelay(address: string, to: { host: string; port: number }): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(to.port, to.host);
    open.add(incoming);
    incoming.on('close', () => {
      open.delete(incoming);
      outgoing.destroy();
    });
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on('error', () => outgoing.destroy());
    outgoing.on('error', () => incoming.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy(); // nodes keep connections to a registry open
      }),
  };
}

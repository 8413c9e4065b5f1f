import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server that is away at first: whoever connects is cut off before a byte is answered. */
export interface ClosedDoor {
  port: number;
  /** How many have come while it was away. */
  turnedAway(): number;
  /** From now on everybody gets to the server. */
  open(): void;
  close(): Promise<void>;
}

export async function startClosedDoor(targetPort: number): Promise<ClosedDoor> {
  const sockets = new Set<Socket>();
  let [isOpen, turnedAway] = [false, 0];
  const server = createServer((near) => {
    near.on('error', () => {});
    if (!isOpen) {
      turnedAway += 1;
      near.destroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    far.on('error', () => {});
    for (const one of [near, far]) sockets.add(one);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    turnedAway: () => turnedAway,
    open: () => void (isOpen = true),
    async close() {
      for (const one of sockets) one.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

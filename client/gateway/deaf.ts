import type { Socket } from 'node:net';
import { whenOver } from './answered.ts';
import type { Answer } from './answered.ts';

interface Asked {
  socket: Socket;
}

/**
 * What is answered and not taken stays in memory. So there is one question at a time on a connection, where HTTP would let a caller send the
 * next ones without reading; and an answer has so long, in all, to be taken.
 */
export function cutOffTheDeaf(sendMs: number) {
  const asking = new WeakSet<Socket>();
  return {
    /** False where the one before is not answered yet: the connection is closed then, and this one is nobody's. */
    begin({ socket }: Asked, answer: Answer): boolean {
      if (asking.has(socket)) {
        socket.destroy();
        return false;
      }
      asking.add(socket);
      whenOver(answer, () => asking.delete(socket));
      return true;
    },
    /** It is about to be sent. */
    send({ socket }: Asked, answer: Answer): void {
      const timer = setTimeout(() => socket.destroy(), sendMs).unref();
      whenOver(answer, () => clearTimeout(timer));
    },
  };
}

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { KeeperOrder, KeeperWord } from './keeper-words.ts';

/** The worker's end of the connection that a box lives by. */
export interface Control {
  readonly started: boolean;
  /** The last that the keeper said. */
  readonly last: KeeperWord | undefined;
  /** Asks for the end of the box. */
  end(): void;
  close(): void;
}

/** Waits on the socket at `path` for the keeper, and gives it its order. */
export async function control(path: string, order: KeeperOrder): Promise<Control> {
  let keeper: Socket | undefined;
  let started = false;
  let wanted = true;
  let last: KeeperWord | undefined;
  const server = createServer((socket) => {
    if (keeper !== undefined || !wanted) return void socket.destroy();
    keeper = socket;
    socket.on('error', () => {}); // it has gone: its end is told by the box's end
    createInterface({ input: socket }).on('line', (line) => {
      last = JSON.parse(line) as KeeperWord;
      started ||= last.kind === 'started';
    });
    socket.write(`${JSON.stringify(order)}\n`);
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    get started() {
      return started;
    },
    get last() {
      return last;
    },
    end() {
      wanted = false;
      keeper?.destroy();
    },
    close() {
      keeper?.destroy();
      server.close();
    },
  };
}

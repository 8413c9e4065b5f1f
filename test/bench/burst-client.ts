import { Pool } from 'undici';

/** What this process is told to send, all at once, and what became of it. */
export interface Burst {
  url: string;
  path: string;
  token: string;
  requests: number;
  connections: number;
}
export interface Came {
  /** By status; `0` for no answer. */
  statuses: Record<string, number>;
  ms: number;
}

async function send({ url, path, token, requests, connections }: Burst): Promise<Came> {
  const pool = new Pool(url, { connections });
  const statuses: Record<string, number> = {};
  const startedAt = performance.now();
  const one = async () => {
    const status = await pool
      .request({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } })
      .then(async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      })
      .catch(() => 0);
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: requests }, one));
  const ms = performance.now() - startedAt;
  await pool.destroy();
  return { statuses, ms };
}

process.on('message', (burst: Burst) => void send(burst).then((came) => process.send?.(came)));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { readFile } from 'node:fs/promises';

/** Requests that somebody outside has been sent so far. */
export interface CountedCalls {
  kubernetes: number;
  endpoints: number;
  registry: number;
  notices: number;
}

/** Counts at the receivers, which all live in this process but for the registry, whose log tells. */
export function countCalls(places: {
  regions: number[];
  notices: number;
  registryLog: string;
}): () => Promise<CountedCalls> {
  const counted = { kubernetes: 0, endpoints: 0, notices: 0 };
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const port = request.socket.localPort ?? 0;
    if (port === places.notices) counted.notices += 1;
    if (!places.regions.includes(port)) return;
    counted[request.url?.startsWith('/apps/') ? 'endpoints' : 'kubernetes'] += 1;
  });
  return async () => {
    const log = await readFile(places.registryLog, 'utf8');
    return { ...counted, registry: log.match(/ HTTP\/1\.1" \d{3} /g)?.length ?? 0 };
  };
}

export function total(calls: CountedCalls): number {
  return calls.kubernetes + calls.endpoints + calls.registry + calls.notices;
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Payload {
  summary: string;
  source: string;
  severity: string;
  custom_details: Record<string, string>;
}

export interface PagerDuty {
  url: string;
  /** Open alerts, by their keys. */
  open: Map<string, Payload>;
  /** Summaries of changes, in order. */
  changes: string[];
  /** Of each event that was taken and has some, in order. */
  links: { href: string; text: string }[][];
  /** What to answer next, in order; afterwards as documented. `cut` takes the event and breaks the connection. */
  answers: (number | 'cut')[];
  close(): Promise<void>;
}

interface Event {
  routing_key: string;
  event_action?: string;
  dedup_key?: string;
  payload?: Payload;
  links?: PagerDuty['links'][number];
}

/** Takes events on loopback as Events API v2 is documented: 202 for what is accepted, 400 for what never will be. */
export async function aPagerDuty(routingKey: string): Promise<PagerDuty> {
  const open: PagerDuty['open'] = new Map();
  const [changes, answers, links]: [string[], PagerDuty['answers'], PagerDuty['links']] = [[], [], []];
  const take = (
    path: string,
    { routing_key: key, event_action: action, dedup_key: alert, payload }: Event,
  ): boolean => {
    if (key !== routingKey) return false;
    if (path === '/v2/change/enqueue') return payload?.summary ? changes.push(payload.summary) > 0 : false;
    if (path !== '/v2/enqueue' || !alert || alert.length > 255) return false;
    if (action === 'resolve') open.delete(alert);
    else if (action === 'trigger' && isWhole(payload)) open.set(alert, open.get(alert) ?? payload);
    else return false;
    return true;
  };
  const server = createServer((request, response) => {
    void json(request).then((event) => {
      const answer = answers.shift() ?? 202;
      const isTaken = (answer === 202 || answer === 'cut') && take(request.url ?? '', event as Event);
      if (isTaken && (event as Event).links) links.push((event as Event).links!);
      if (answer === 'cut') request.socket.destroy();
      else response.writeHead(answer === 202 && !isTaken ? 400 : answer).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    changes,
    links,
    answers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function isWhole(payload: Payload | undefined): payload is Payload {
  const { summary, source, severity } = payload ?? {};
  const isSevere = ['critical', 'error', 'warning', 'info'].includes(severity ?? '');
  return Boolean(summary) && (summary?.length ?? 0) <= 1_024 && Boolean(source) && isSevere;
}

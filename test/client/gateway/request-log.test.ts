import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../../activities/shared/log.ts';
import { requestIdHeader, requestIdOf } from '../../../client/gateway/request-id.ts';
import { tokens, useGateway } from './gateway.ts';
import type { TestGateway } from './gateway.ts';

const gateway = useGateway();

interface Line {
  level: string;
  msg: string;
  requestId?: string;
  identity?: string;
  route?: string;
  ms?: number;
  err?: { message: string };
}

/** A gateway, and what it has written. */
function written(): { parts: TestGateway; lines: Line[] } {
  const lines: Line[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Line);
  const parts = gateway({}, [], createLog({ form: 'json', to: { write } }));
  return { parts, lines };
}

const askedBy = (token: string, more: Record<string, string> = {}) => ({ authorization: `Bearer ${token}`, ...more });

describe('the log of the gateway', () => {
  it('has one line for each request: whose it was, of what, and how it was answered', async () => {
    const { parts, lines } = written();
    await parts.server.inject({
      url: '/v1/me?token=in-the-address',
      headers: askedBy(tokens.dana, { [requestIdHeader]: 'ci-1.2_a' }),
    });
    await parts.server.inject({ url: '/v1/releases/no-such', headers: askedBy(tokens.dana) });
    await parts.server.inject({ url: '/made/up', headers: askedBy('guessed') });
    const common = {
      level: 'info',
      msg: 'answered',
      time: expect.any(String),
      pid: process.pid,
      ms: expect.any(Number),
    };
    const made = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;
    expect(lines).toEqual([
      { ...common, requestId: 'ci-1.2_a', identity: 'dana', route: '/v1/me', method: 'GET', status: 200 },
      { ...common, requestId: made, identity: 'dana', route: '/v1/releases/:id', method: 'GET', status: 404 },
      { ...common, requestId: made, route: 'unmatched', method: 'GET', status: 401 },
    ]);
  });

  it('says nothing of those who ask how the gateway is', async () => {
    const { parts, lines } = written();
    for (const url of ['/livez', '/readyz', '/healthz']) await parts.server.inject(url);
    expect(lines).toEqual([]);
  });

  it('has what went wrong under the id that the answer names, and neither the token nor the cookie of whoever asked', async () => {
    const { parts, lines } = written();
    const token = tokens.dana;
    parts.server.get('/v1/broken', async ({ headers }) => {
      throw new Error(`with ${headers.authorization!.slice(7)} and ${headers.cookie}`, { cause: headers });
    });
    const answer = await parts.server.inject({
      url: '/v1/broken',
      headers: askedBy(token, { cookie: 'session=that-of-dana' }),
    });
    const id = String(answer.headers[requestIdHeader]);
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      error: {
        code: 'internal',
        message: 'the gateway failed; its log says more',
        next: `Ask whoever runs the gateway to look for ${id} in its log.`,
      },
    });
    expect(lines.map(({ level, requestId }) => [level, requestId])).toEqual([
      ['error', id],
      ['info', id],
    ]);
    expect(lines[0]!.err!.message).toBe('with [redacted] and session=[redacted]');
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${token}|that-of-dana`));
  });

  it('takes a name for a request that is one, and no text that somebody would like to see in the log', () => {
    const idOf = (given: string | string[]) => requestIdOf({ headers: { [requestIdHeader]: given } });
    for (const good of ['a', 'A.b_c-9', 'x'.repeat(128)]) expect(idOf(good)).toBe(good);
    for (const bad of ['', 'x'.repeat(129), 'a b', 'a\n{"level":"error"}', '<b>', 'é', ['a', 'b']])
      expect(idOf(bad)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names each request in its answer, whoever asks, also where it is refused', async () => {
    const { parts } = written();
    for (const [url, token] of [
      ['/livez', ''],
      ['/v1/me', 'guessed'],
      ['/v1/me', tokens.kim],
      ['/nothing', tokens.kim],
    ] as const) {
      const { headers } = await parts.server.inject({ url, headers: askedBy(token, { [requestIdHeader]: 'mine' }) });
      expect(headers[requestIdHeader]).toBe('mine');
    }
  });
});

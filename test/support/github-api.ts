import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { importSPKI, jwtVerify } from 'jose';

interface Deployment {
  id: number;
  sha: string;
  task: string;
  environment: string;
  payload: unknown;
  statuses: { state: string; description: string; log_url?: string }[];
}

interface Check {
  id: number;
  name: string;
  head_sha: string;
  external_id: string;
  status: string;
  conclusion?: string;
  details_url?: string;
  output: { title: string; summary: string };
}

/** A status with its headers, in place of the effect; or `cut`: the effect, and then a broken connection. */
export type Answer = { status: number; headers?: Record<string, string>; body?: object };
type Next = (asked: string) => Answer | 'cut' | undefined;

export interface GithubApiServer {
  url: string;
  deployments: Deployment[];
  checks: Check[];
  /** `METHOD path` of each request, without its query. */
  asked: string[];
  /** What to do instead of what is documented; asked before each request. */
  next: Next;
  /** Tokens of the installation made until now work no more. */
  revoke(): void;
  close(): Promise<void>;
}

export interface GithubApiOptions {
  repository: string;
  commits: string[];
  token: string;
  app?: { id: number; installation: number; publicKey: string };
}

type Asked = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown>; token: string };

/** Deployments, their statuses and checks of one repository, on loopback, as GitHub documents its REST API (2022-11-28). */
export async function aGithubApi(options: GithubApiOptions): Promise<GithubApiServer> {
  const { repository, commits, app } = options;
  const [deployments, checks, asked]: [Deployment[], Check[], string[]] = [[], [], []];
  const tokens = new Set<string>();
  let ids = 0;
  const state = { next: (() => undefined) as Next };

  const login = async ({ token }: Asked): Promise<Answer> => {
    try {
      const key = await importSPKI(app!.publicKey, 'RS256');
      const { payload } = await jwtVerify(token, key, { issuer: String(app!.id) });
      if ((payload.exp ?? 0) - (payload.iat ?? 0) > 600) throw new Error('too long');
    } catch {
      return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    }
    const made = `ghs_${(ids += 1)}`;
    tokens.add(made);
    return { status: 201, body: { token: made, expires_at: new Date(Date.now() + 3_600_000).toISOString() } };
  };

  const deploymentsAt = ({ method, query, body }: Asked): Answer => {
    if (method === 'GET') {
      const fits = (one: Deployment) =>
        (['sha', 'task', 'environment'] as const).every((key) => !query.has(key) || one[key] === query.get(key));
      return { status: 200, body: deployments.filter(fits).reverse() };
    }
    if (!commits.includes(String(body['ref']))) return { status: 422, body: { message: 'No ref found' } };
    const { ref, task, environment, payload } = body as unknown as { ref: string } & Deployment;
    const made = { id: (ids += 1), sha: ref, task, environment, payload, statuses: [] };
    deployments.push(made);
    return { status: 201, body: made };
  };

  const statusesAt = ({ method, body }: Asked, id: number): Answer => {
    const deployment = deployments.find((one) => one.id === id);
    if (!deployment) return { status: 404, body: { message: 'Not Found' } };
    if (method === 'GET') return { status: 200, body: deployment.statuses.toReversed() };
    const status = body as Deployment['statuses'][number];
    if (status.description.length > 140) return { status: 422, body: { message: 'Validation Failed' } };
    deployment.statuses.push(status);
    return { status: 201, body: status };
  };

  const checksAt = ({ method, path, query, body, token }: Asked): Answer => {
    if (method === 'GET') {
      const sha = path.split('/')[2];
      const found = checks.filter((one) => one.head_sha === sha && one.name === query.get('check_name'));
      return { status: 200, body: { total_count: found.length, check_runs: found } };
    }
    if (!tokens.has(token)) return { status: 403, body: { message: 'You must authenticate via a GitHub App.' } };
    const known = checks.find(({ id }) => String(id) === path.split('/')[2]);
    if (method === 'PATCH')
      return known ? { status: 200, body: Object.assign(known, body) } : { status: 404, body: {} };
    if (!commits.includes(String(body['head_sha']))) return { status: 422, body: { message: 'No commit found' } };
    const made = { id: (ids += 1), ...body } as Check;
    checks.push(made);
    return { status: 201, body: made };
  };

  const answer = (request: Asked): Answer | Promise<Answer> => {
    if (app && request.path === `/app/installations/${app.installation}/access_tokens`) return login(request);
    if (request.token !== options.token && !tokens.has(request.token)) return { status: 401, body: {} };
    const prefix = `/repos/${repository}`;
    if (!request.path.startsWith(`${prefix}/`)) return { status: 404, body: { message: 'Not Found' } };
    const within = { ...request, path: request.path.slice(prefix.length) };
    const [, id] = /^\/deployments\/(\d+)\/statuses$/.exec(within.path) ?? [];
    if (id !== undefined) return statusesAt(within, Number(id));
    if (within.path === '/deployments') return deploymentsAt(within);
    return /^\/(commits\/[0-9a-f]+\/)?check-runs/.test(within.path) ? checksAt(within) : { status: 404, body: {} };
  };

  const server = createServer((request, response) => {
    void readRequest(request).then(async (said) => {
      const name = `${said.method} ${said.path}`;
      asked.push(name);
      const next = state.next(name);
      const { status, headers, body } = typeof next === 'object' ? next : await answer(said);
      if (next === 'cut') request.socket.destroy();
      else response.writeHead(status, headers).end(JSON.stringify(body ?? {}));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ deployments, checks, asked },
    revoke: () => tokens.clear(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const said = await text(request);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    body: said === '' ? {} : (JSON.parse(said) as Record<string, unknown>),
    token: (request.headers.authorization ?? '').replace(/^Bearer /, ''),
  };
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClusterAccess } from '../../activities/shared/cluster-access.ts';
import { connectTo } from '../../activities/shared/cluster-connection.ts';
import { createClusters, type Clusters } from '../../activities/shared/clusters.ts';
import { Failure } from '../../domain/errors/failure.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let directory: string;
let server: Server;
let answer: Answer;
let sockets: Set<number>;
let requests: { url: string; authorization: string | undefined }[];
let clusters: Clusters;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'slipway-clusters-'));
  sockets = new Set();
  requests = [];
  answer = (_request, response) =>
    sendJson(response, 200, { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [] });
  server = createServer((request, response) => {
    sockets.add(request.socket.remotePort ?? 0);
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  clusters = createClusters({ kubeconfigDirectory: directory });
});

afterEach(async () => {
  await clusters.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function refuse(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return (_request, response) =>
    sendJson(response, status, { kind: 'Status', status: 'Failure', message, code: status }, headers);
}

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function writeKubeconfig(file: string, over: { server?: string; token?: string } = {}): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'one', cluster: { server: over.server ?? url() } }],
    users: [{ name: 'me', user: { token: over.token ?? 'first' } }],
    contexts: [{ name: 'main', context: { cluster: 'one', user: 'me' } }],
    'current-context': 'main',
  };
  await writeFile(path.join(directory, file), JSON.stringify(config));
}

async function list(file = 'lab.kubeconfig', context?: string): Promise<unknown> {
  const connection = await clusters.connect({ kind: 'kubeconfig', file, ...(context !== undefined && { context }) });
  return connection.call('list Deployments', () => connection.apps.listNamespacedDeployment({ namespace: 'shop' }));
}

async function failureOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`expected a Failure, got ${String(error)}`);
  return { ...error.details };
}

describe('connections by kubeconfig', () => {
  it('use the same connection for call after call', async () => {
    await writeKubeconfig('lab.kubeconfig');
    for (let n = 0; n < 10; n += 1) await list();
    expect(requests).toHaveLength(10);
    expect(sockets.size).toBe(1);
  });

  it('read the file again when it has changed', async () => {
    await writeKubeconfig('lab.kubeconfig', { token: 'first' });
    await list();
    await writeKubeconfig('lab.kubeconfig', { token: 'second' });
    await utimes(path.join(directory, 'lab.kubeconfig'), 1, 1);
    await list();
    expect(requests.map((request) => request.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it('survive that the file changes under two at once', async () => {
    await writeKubeconfig('lab.kubeconfig', { token: 'first' });
    await list();
    await writeKubeconfig('lab.kubeconfig', { token: 'second' });
    await utimes(path.join(directory, 'lab.kubeconfig'), 1, 1);
    await expect(Promise.all([list(), list(), list()])).resolves.toHaveLength(3);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the file is missing', () => list('nowhere.kubeconfig')],
    ['the context is missing', () => list('lab.kubeconfig', 'nowhere')],
    [
      'the file is no kubeconfig',
      async () => {
        await writeFile(path.join(directory, 'bad.kubeconfig'), 'token: {geheim');
        return list('bad.kubeconfig');
      },
    ],
    [
      'credentials would travel in the clear',
      async () => {
        await writeKubeconfig('far.kubeconfig', { server: 'http://192.0.2.1:8080' });
        return list('far.kubeconfig');
      },
    ],
    [
      'a relative file has no directory',
      () => createClusters().connect({ kind: 'kubeconfig', file: 'lab.kubeconfig' }),
    ],
  ])('are refused as not configured when %s', async (_name, work) => {
    await writeKubeconfig('lab.kubeconfig');
    const details = await failureOf(work());
    expect(details).toMatchObject({ code: 'SLIP-K8S-11', kind: 'terminal' });
    expect(JSON.stringify(details)).not.toContain('geheim');
  });
});

describe('errors of the API server', () => {
  it.each<[number, string, string]>([
    [400, 'SLIP-K8S-8', 'terminal'],
    [403, 'SLIP-K8S-6', 'terminal'],
    [404, 'SLIP-K8S-2', 'terminal'],
    [409, 'SLIP-K8S-7', 'retryable'],
    [410, 'SLIP-K8S-10', 'retryable'],
    [422, 'SLIP-K8S-8', 'terminal'],
    [429, 'SLIP-K8S-9', 'retryable'],
    [500, 'SLIP-K8S-10', 'retryable'],
    [503, 'SLIP-K8S-10', 'retryable'],
  ])('%i becomes %s (%s), with the words of the answer and no secrets', async (status, code, kind) => {
    await writeKubeconfig('lab.kubeconfig', { token: 'very-secret-token' });
    answer = refuse(status, 'because I say so, password=geheim');
    const details = await failureOf(list());
    expect(details).toMatchObject({
      code,
      kind,
      detail: expect.stringMatching(/^list Deployments: \d+ because I say so/),
    });
    expect(JSON.stringify(details)).not.toMatch(/geheim|very-secret/);
  });

  it('say that the credentials are refused, and can be tried again when they are renewed', async () => {
    await writeKubeconfig('lab.kubeconfig');
    answer = refuse(401, 'Unauthorized');
    expect(await failureOf(list())).toMatchObject({
      code: 'SLIP-K8S-5',
      kind: 'retryable',
      detail: 'list Deployments: 401 Unauthorized',
    });
  });

  it('carry the pause that the server asks for', async () => {
    await writeKubeconfig('lab.kubeconfig');
    answer = refuse(429, 'too many requests', { 'retry-after': '7' });
    expect(await failureOf(list())).toMatchObject({ code: 'SLIP-K8S-9', retryAfterMs: 7_000 });
    answer = refuse(503, 'leader is changing', { 'retry-after': '1' });
    expect(await failureOf(list())).toMatchObject({ code: 'SLIP-K8S-9', retryAfterMs: 1_000 });
  });

  it('are retryable when there is no answer at all', async () => {
    await writeKubeconfig('lab.kubeconfig');
    answer = (request) => request.socket.destroy();
    expect(await failureOf(list())).toMatchObject({ code: 'SLIP-K8S-10', kind: 'retryable' });
  });

  it('speak of the clock when it is what the server refuses', async () => {
    await writeKubeconfig('lab.kubeconfig');
    answer = refuse(401, 'Unauthorized', { date: new Date(Date.now() - 20 * 60_000).toUTCString() });
    const details = await failureOf(list());
    expect(details).toMatchObject({ code: 'SLIP-K8S-14', detail: expect.stringMatching(/20 minutes ahead/) });
  });
});

describe('credentials that the server refuses', () => {
  it('are renewed once, and the call repeated', async () => {
    let token = 'old';
    answer = (request, response) => {
      if (request.headers.authorization === 'Bearer old') refuse(401, 'Unauthorized')(request, response);
      else sendJson(response, 200, { items: [] });
    };
    const access = new ClusterAccess();
    access.loadFromClusterAndUser({ name: 'one', server: url(), skipTLSVerify: true }, { name: 'me' });
    access.bearer = async () => token;
    const connection = connectTo(access, { renew: async () => void (token = 'new'), now: Date.now });
    await connection.call('list Deployments', () => connection.apps.listNamespacedDeployment({ namespace: 'shop' }));
    expect(requests.map((request) => request.authorization)).toEqual(['Bearer old', 'Bearer new']);
    await connection.close();
  });
});

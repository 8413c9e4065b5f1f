import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { z } from 'zod';
import { createCli } from '../../../client/cli/cli.ts';
import { commandsOf } from '../../../client/cli/command-words.ts';
import { lazyParts } from '../../../client/cli/dev-parts.ts';
import { processIo } from '../../../client/cli/io.ts';
import { examples } from '../../../client/gateway/openapi/examples.ts';
import { insightsExample } from '../../../client/gateway/openapi/insights-example.ts';
import type { DocumentKind } from '../../../client/cli/json-documents.ts';
import { buildProgram } from '../../../client/cli/program.ts';
import { chainEntry, chainStart } from '../../../domain/audit-chain.ts';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { printedBy } from '../../../scripts/docs/printed-by.ts';
import { aLane, aPlan, aRelease, awaitingApproval, commit, ended, image, noon } from './builders.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

const saleor = fileURLToPath(new URL('../../../examples/saleor', import.meta.url));
const file = JSON.parse(readFileSync(new URL('../../../docs/json.schema.json', import.meta.url), 'utf8')) as object;
const { anyOf: _anyOf, ...shared } = file as { anyOf: unknown };
const schemaOf = (kind: DocumentKind) => z.fromJSONSchema({ ...shared, $ref: `#/$defs/${kind}` });

const { plan, hash } = aPlan();
const waiting = awaitingApproval(hash);
const done = ended(aRelease(), 'verified');
const held = {
  ...aRelease(),
  recorded: { planHash: hash, approvals: [{ by: 'kim', at: noon, channel: 'cli' }], changed: [] },
};
const reason = ['--reason', 'because'];
const lane = ['--service', 'shop', '--environment', 'production'];
const closure = {
  id: 'c1',
  kind: 'freeze' as const,
  scope: { service: 'shop', environment: 'production' },
  from: noon,
  until: noon + 1,
  passes: [],
  by: 'kim',
  reason: 'sale',
};
const frozen = aLane({ status: { queue: [], closures: [closure], lastTicket: { incarnation: 1, n: 4 } } });
const row = chainEntry(
  chainStart,
  { lane: 'shop/production', key: 'k', at: noon, what: 'w', who: 'kim', facts: {} },
  sha256,
);

const ends = ['shop', 'production', 'elsewhere', '--branch', 'main'];
const lanesOfToken = ['--services', 'shop', '--environments', 'production'];
/** Each command that has `--json`, each kind of document that it prints. */
const runs: [DocumentKind, string[]][] = [
  ['release', ['status', waiting.releaseId]],
  ['release', ['status', held.releaseId]],
  ['release', ['watch', done.releaseId]],
  ['release', ['wait', done.releaseId]],
  ['release', ['deploy', '--service', 'shop', '--commit', commit, '--branch', 'main']],
  ['started', ['deploy', '--service', 'shop', '--commit', commit, '--branch', 'main', '--detach']],
  ['release', ['promote', ...ends]],
  ['started', ['promote', ...ends, '--detach']],
  ['promotion', ['promote', ...ends, '--dry-run']],
  ['release', ['rollback', done.releaseId, '--yes', ...reason]],
  ['started', ['rollback', done.releaseId, '--yes', '--detach', ...reason]],
  ['rollback-preview', ['rollback', done.releaseId, '--dry-run']],
  ['decision', ['rollback', waiting.releaseId, '--yes', ...reason]],
  ['decision', ['approve', waiting.releaseId, '--yes', '--plan', hash]],
  ['decision', ['reject', waiting.releaseId, ...reason]],
  ['decision', ['abort', waiting.releaseId, '--yes', ...reason]],
  ['decision', ['accept-failure', waiting.releaseId, '--yes', ...reason]],
  ['decision', ['retry', waiting.releaseId, ...reason]],
  ['releases', ['releases']],
  ['plan', ['plan', hash]],
  ['plan', ['diff', waiting.releaseId, waiting.releaseId, '--full']],
  ['lane', ['lane', ...lane]],
  ['lane', ['lane', 'clear-hold', ...lane, ...reason]],
  ['lane', ['lane', 'clear-ticket', ...lane, ...reason, '--ticket', '9.1']],
  ['lane', ['lane', 'tell', ...lane]],
  ['lane', ['freeze', ...lane, ...reason, '--until', '2h']],
  ['lane', ['unfreeze', ...lane, ...reason]],
  ['insights', ['insights']],
  ['logs', ['logs', done.releaseId]],
  ['open', ['open', done.releaseId]],
  ['whoami', ['whoami']],
  [
    'token-created',
    ['token', 'create', 'shop-ci', '--for', 'kim', '--rights', 'look', ...lanesOfToken, '--expires', '90d'],
  ],
  ['tokens', ['token', 'list']],
  ['token', ['token', 'revoke', 'shop-ci']],
  ['notifications', ['notifications', '--all']],
  ['notifications-again', ['notifications', 'again', '4711']],
  ['audit-rows', ['audit', 'list', 'shop', 'production']],
  ['audit-proof', ['audit', 'verify']],
  ['doctor', ['doctor']],
  ['setup', ['setup']],
  ['setup-sql', ['setup', '--print-sql']],
  ['validate', ['validate', '--policy', 'policy.yaml']],
  ['policy-explain', ['policy', 'explain', 'saleor', 'production', '--policy', 'policy.yaml', '--branch', 'main']],
  ['use', ['use', 'shop', 'production']],
  ['error', ['status', 'release/shop/production/unknown/1']],
  ['error', ['releases', '--limit', '0']],
];

let gateway: FakeGateway;
let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-json-'));
});
afterAll(() => rm(home, { recursive: true }));
beforeEach(async () => {
  gateway = await startFakeGateway();
  serveReleases();
  serveLane();
  gateway.on('GET /healthz', { body: { ok: true } });
  gateway.on('GET /v1/health', { body: { ok: true, temporal: 'ok', records: 'ok', tokens: 'ok', policy: 'ok' } });
  gateway.on('GET /v1/engine', { body: { versions: [], queues: [] } });
  gateway.on('GET /v1/me', {
    body: {
      ...{ id: 'kim', via: 'token', groups: ['approvers'], emails: ['kim@example.test'] },
      grants: [{ service: 'shop', environment: 'production', may: ['look'] }],
    },
  });
  gateway.on('POST /v1/tokens', { status: 201, body: { ...examples.token, secret: examples.secret } });
  gateway.on('GET /v1/tokens', { body: { tokens: [examples.token] } });
  gateway.on('POST /v1/tokens/shop-ci/revoke', { body: { ...examples.token, state: 'revoked', revokedBy: 'kim' } });
  gateway.on('GET /v1/insights', { body: insightsExample });
  gateway.on('GET /v1/notifications', { body: { notifications: [examples.notification] } });
  gateway.on('POST /v1/notifications/4711/again', { body: { ...examples.notification, state: 'waiting' } });
  gateway.on('GET /v1/audit', { body: { lanes: [{ lane: row.lane, n: 1, hash: row.hash }] } });
  gateway.on('GET /v1/audit/rows', ({ path }) => ({ body: { rows: path.includes('after=1') ? [] : [row] } }));
});
afterEach(() => gateway.close());

function serveReleases(): void {
  const path = (id: string) => `/v1/releases/${encodeURIComponent(id)}`;
  const temporalUrl = 'http://temporal.test/run';
  for (const view of [waiting, { ...done, temporalUrl }, held]) {
    gateway.on(`GET ${path(view.releaseId)}`, { body: view });
    gateway.on(`POST ${path(view.releaseId)}/decisions`, { body: { decisionId: 'd', accepted: true, message: 'yes' } });
  }
  const started = { releaseId: done.releaseId, created: true };
  gateway.on('POST /v1/releases', { status: 201, body: started });
  gateway.on('POST /v1/rollbacks', { status: 201, body: started });
  const { status: _status, open: _open, why: _why, ...listed } = done;
  gateway.on('GET /v1/releases', { body: { releases: [listed], next: '1.0' } });
  gateway.on(`GET /v1/plans/${hash}`, { body: plan });
  const verified = { planHash: hash, releaseId: 'release/shop/production/earlier/1', verifiedAt: noon, plan };
  gateway.on(`GET /v1/plans/${hash}/verified`, { body: { verified } });
  gateway.on(`GET /v1/plans/${hash}/commits`, {
    body: { commits: [{ commit, author: 'ada', at: noon, subject: 's' }], more: false },
  });
  const target = {
    component: 'core',
    image: image('9'),
    releaseId: 'release/shop/production/e/1',
    commit,
    verifiedAt: noon,
  };
  gateway.on('GET /v1/rollbacks/preview', {
    body: { releaseId: done.releaseId, regions: [{ kind: 'go', region: 'eu-west', targets: [target] }] },
  });
}

function serveLane(): void {
  const path = '/v1/lanes/shop/production';
  gateway.on(`GET ${path}`, { body: frozen });
  for (const change of ['freeze', 'unfreeze', 'clear-hold', 'clear-ticket', 'tell'])
    gateway.on(`POST ${path}/${change}`, { body: frozen });
}

async function printed(args: string[]): Promise<Record<string, unknown>> {
  const parts = {
    setUpTemporal: async () => [{ ok: false, says: 'no namespace', next: 'make one' }],
    recordsSql: async () => 'select 1;\n',
  };
  const env = { XDG_CONFIG_HOME: home, HOME: home };
  return (await slipway([...args, '--json'], gateway.url, { cwd: saleor, parts, env })).json;
}

describe('with --json', () => {
  it.each(runs.map(([kind, args]) => [args.slice(0, 2).join(' '), kind, args] as const))(
    '`slipway %s` prints a document of the kind %s, as docs/json.schema.json says',
    async (_name, kind, args) => {
      const document = await printed(args);
      expect(schemaOf(kind).safeParse(document).error).toBeUndefined();
      expect(document['version']).toBe(1);
      expect(numbersLikeTimes(document)).toEqual([]);
      expect(timesIn(document).every((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text))).toBe(true);
    },
  );

  it('has schemas that refuse another document, and a time in milliseconds', async () => {
    const document = await printed(['releases']);
    expect(schemaOf('releases').safeParse(document).success).toBe(true);
    expect(schemaOf('lane').safeParse(document).success).toBe(false);
    const [release] = document['releases'] as object[];
    const inMillis = { ...document, releases: [{ ...release, startedAt: noon }] };
    expect(schemaOf('releases').safeParse(inMillis).success).toBe(false);
    expect(schemaOf('releases').safeParse({ ...document, version: 2 }).success).toBe(false);
  });

  it('tells times where there are some', async () => {
    for (const args of [
      ['status', held.releaseId],
      ['releases'],
      ['lane', ...lane],
      ['audit', 'list', 'shop', 'production'],
    ])
      expect(timesIn(await printed(args))).not.toEqual([]);
  });

  it('every command is tried, with each kind of document that it prints', () => {
    const program = buildProgram(createCli(processIo(new AbortController().signal), lazyParts), { version: '0' });
    const named = withJson(program).map((path) => path.join(' '));
    const told = Object.entries(printedBy).flatMap(([kind, { commands }]) => commands.map((one) => `${one}: ${kind}`));
    const tried = runs
      .filter(([kind]) => kind !== 'error')
      .map(([kind, args]) => `${named.findLast((name) => `${args.join(' ')} `.startsWith(`${name} `))}: ${kind}`);
    expect([...new Set(tried)].sort()).toEqual(told.sort());
    expect([...new Set(told.map((line) => line.split(':')[0]))].sort()).toEqual(named.sort());
  });

  it('refuses to pass for a document what a gateway says that is of no such kind', async () => {
    gateway.on('GET /v1/lanes/shop/production', {
      body: { ...frozen, inventory: [{ ...frozen.inventory[0], verifiedAt: 'noon' }] },
    });
    const { error } = (await printed(['lane', ...lane])) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code: 'unexpected-answer', exitCode: 4 });
    expect(error['message']).toContain('`inventory.0.verifiedAt`');
  });
});

/** Paths of commands with `--json`; shorter ones first, where one is within another. */
function withJson(command: Command, before: string[] = []): string[][] {
  return commandsOf(command).flatMap((one) => {
    const path = [...before, one.name()];
    return [...(one.options.some(({ long }) => long === '--json') ? [path] : []), ...withJson(one, path)];
  });
}

function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

/** Milliseconds since 1970 in the years of the tests. */
const numbersLikeTimes = (document: unknown) =>
  leaves(document).filter((one) => typeof one === 'number' && one > noon - 1e11);
const timesIn = (document: unknown) =>
  leaves(document).filter((one) => typeof one === 'string' && /^\d{4}-\d\d-\d\d/.test(one)) as string[];

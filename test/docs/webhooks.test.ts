import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWebhookNotifier } from '../../activities/notify/webhook-notifier.ts';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { keepPlanHash } from '../../activities/steps/recorded-result.ts';
import type { Notifier } from '../../activities/notify/port.ts';
import { tellUnderWay } from '../../activities/steps/tell-under-way.ts';
import { touching } from '../../activities/steps/touching.ts';
import type { Announcement } from '../../domain/announcements.ts';
import { aReceiver } from '../contract/notify-receiver.ts';
import type { Receiver } from '../contract/notify-receiver.ts';
import { examples } from '../../client/gateway/openapi/examples.ts';
import { aCommit, aPolicy, aVerified } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';
import { blocks, root } from './markdown.ts';

const postgres = usePostgres();
const lane = { service: 'shop', environment: 'production' };
const gap = { database: 'main', releaseId: 'release/shop/production/4f0c/1', migrations: ['0005_drop_total'] };

/** Of each thing that a run says while it goes on, what it says. */
const said: { [Message in Announcement['message']]: Extract<Announcement, { message: Message }> } = {
  approval: { message: 'approval' },
  'approval-reminder': { message: 'approval-reminder', number: 1 },
  'approval-escalated': { message: 'approval-escalated' },
  held: { message: 'held', code: 'SLIP-K8S-16', places: ['de'], stage: 'deploying' },
  failed: { message: 'failed', code: 'SLIP-K8S-1' },
  'region-failed': { message: 'region-failed', region: 'de' },
};

/** When the plan was put before people, and when they are told: both stand in messages. */
const since = Date.parse('2026-11-26T08:00:00Z');
const hour = 3_600_000;
const escalate = { afterMs: 2 * hour, groups: ['on-call'] };
/** Two must approve it. */
const asked = { plan: { approval: aPolicy({ quorum: 2, remindMs: hour / 2, escalate }) } };

const planHashes = new Set<string>();
let receiver: Receiver;
beforeAll(async () => {
  receiver = await aReceiver();
  await tellAll();
});
afterAll(() => receiver.close());

/** Sends one message of each kind, in the order of the page: every time from records of its own, so that the ids are the same. */
async function tellAll(): Promise<void> {
  for (const event of ['started', 'changing'] as const)
    await withRun({}, (run, _steps, _records, notifierFor) => {
      const { releaseId } = run.authority;
      const about = { run: releaseId, commit: aCommit(), targets: [{ name: 'chat', kind: 'log' as const }] };
      return run.act(() => tellUnderWay({ notifierFor }, event, about), undefined);
    });
  for (const announcement of Object.values(said))
    await withRun(asked, (run, steps) => run.act(steps.announce, announcement));
  await withRun({ plan: { olderThanSchema: [gap] } }, (run, steps) => run.act(steps.announce, said.approval));
  await withRun({}, async (run, steps, records) => {
    await records.inventory.record([aVerified({ ...lane, releaseId: run.authority.releaseId })]);
    await end(run, steps, 'verified');
  });
  await withRun({}, async (run, steps, records) => {
    await run.act(() => touching({ records, now: () => 2_000 }, 'core in de'), undefined);
    await end(run, steps, 'halted');
  });
}

type Steps = ReturnType<typeof createEngineSteps>;
type Choice = Parameters<typeof aReleaseThatMayAct>[1];

async function withRun(
  choice: Choice,
  tell: (run: ActingRun, steps: Steps, records: Records, notifierFor: () => Notifier) => Promise<unknown>,
): Promise<void> {
  const records = await createPostgresRecords({ url: await postgres.freshDatabase() });
  try {
    const host = URL.parse(receiver.url)!.hostname;
    const notifier = createWebhookNotifier({ addressNow: async () => ({ url: receiver.url, host }) });
    const clock = { now: async () => since + 2 * hour };
    const dependencies = { ...authorizing({ ...records, clock }), notifierFor: () => notifier, now: () => 9_000 };
    const steps = createEngineSteps(dependencies as unknown as EngineDependencies);
    const run = await aReleaseThatMayAct(records, { lane, ...choice });
    const { releaseId, planHash } = run.authority;
    planHashes.add(planHash);
    await keepPlanHash(records.plans, releaseId, planHash, { since });
    await tell(run, steps, records, () => notifier);
  } finally {
    await records.close();
  }
}

function end(run: ActingRun, steps: Steps, outcome: string): Promise<unknown> {
  const { releaseId } = run.authority;
  const result = { outcome, summary: 'what happened, in a line', artifacts: [], regions: [], timings: [] };
  return run.act(steps.recordEnd, { releaseId, result, notify: [] });
}

/** With the names of the examples. */
function asDocumented(body: unknown): unknown {
  const names = new Map([...planHashes].map((hash) => [hash, examples.planHash])).set(aCommit(), examples.commit);
  const text = [...names].reduce((said, [own, name]) => said.replaceAll(own, name), JSON.stringify(body));
  return JSON.parse(text);
}

it('docs/webhooks.md has the body of each message, as the engine sends it', () => {
  const sent = receiver.received.map(({ body }) => asDocumented(body));
  const documented = blocks(['json'])
    .filter(({ file }) => file === 'docs/webhooks.md')
    .map(({ text }) => JSON.parse(text) as unknown);
  expect(sent).toEqual(documented);
});

it('and its headers: those that it names, and no signature', () => {
  const text = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
  for (const { headers, body } of receiver.received) {
    expect(headers['idempotency-key']).toBe(encodeURIComponent((body as { key: string }).key));
    expect(headers['content-type']).toBe('application/json');
    const own = Object.keys(headers).filter((name) => !ofAnyRequest.includes(name));
    expect(own.sort()).toEqual(['content-type', 'idempotency-key']);
    for (const name of own) expect(text.toLowerCase()).toContain(`| \`${name}\` |`);
  }
});

/** What the client of HTTP sends with each request. */
const ofAnyRequest = [
  'host',
  'connection',
  'accept',
  'accept-language',
  'accept-encoding',
  'sec-fetch-mode',
  'user-agent',
  'content-length',
  'transfer-encoding',
];

import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { messageStates } from '../../domain/contract/outbox.ts';
import type { ListedMessage } from '../../domain/contract/outbox.ts';
import { pushReadyImages } from '../../lab/demo/ready-images.ts';
import type { SandboxRegions } from '../../lab/sandbox-regions.ts';
import { shop, shopComponents } from '../../lab/shop/pipeline-file.ts';
import { messageLines } from '../../lab/slack/channel-lines.ts';
import { startSlack } from '../../lab/slack/stand-in.ts';
import type { SlackStandIn } from '../../lab/slack/stand-in.ts';
import { startEngine } from '../../lab/world.ts';
import type { LabEngine, Services } from '../../lab/world.ts';
import { aMailServer } from '../contract/mail-server.ts';
import type { MailServer } from '../contract/mail-server.ts';
import { aPagerDuty } from '../contract/pagerduty-receiver.ts';
import type { PagerDuty } from '../contract/pagerduty-receiver.ts';
import { startClosedDoor } from '../support/closed-door.ts';
import type { ClosedDoor } from '../support/closed-door.ts';
import { aGithubApi } from '../support/github-api.ts';
import type { GithubApiServer } from '../support/github-api.ts';
import { editPolicy } from '../support/operator-files.ts';
import { serveShop, startShopGround } from '../support/shop-ground.ts';
import { patience, until } from '../support/world-until.ts';
import { clientOf } from '../support/world.ts';

/** Whoever is told of releases is away from the first line of one to its last, all of them at once: Slack, PagerDuty, GitHub and the server of mails. */

const routingKey = 'r'.repeat(32);
const githubToken = 'ghp_of_the_lab';

let directory = '';
let services: Services;
let regions: SandboxRegions;
let slack: SlackStandIn;
let api: GithubApiServer;
let pager: PagerDuty;
let mail: MailServer;
let engine: LabEngine;
let records: Records;
const doors: Record<'slack' | 'github' | 'pages' | 'mail', ClosedDoor> = {} as never;
const stops: (() => Promise<unknown>)[] = [];

const portOf = (url: string) => Number(new URL(url).port);
/** The same address, by the door before it. */
const through = (url: string, { port }: ClosedDoor) => url.replace(`:${portOf(url)}`, `:${port}`);

beforeAll(async () => {
  const ground = await startShopGround('doors-away', stops);
  ({ directory, services, regions } = ground);
  const repository = await serveShop(ground, stops);
  await startReceivers();
  engine = await startEngine({
    ...{ directory, services, regions: regions.regions, repository, progress: () => undefined },
    gates: { images: false, secrets: false, tests: false },
    slack: {
      ...{ apiUrl: through(slack.apiUrl, doors.slack), channel: slack.channel },
      signingSecret: randomBytes(16).toString('hex'),
      users: { requester: 'ULABDEVELOPER', approver: 'ULABAPPROVER' },
    },
    environment: { SLIPWAY_SOURCE_PROTOCOLS: 'http' },
  });
  stops.push(() => engine.stop());
  await tellEverybody(engine.environment['SLIPWAY_POLICY_FILE']!, join(directory, 'settings'));
  records = await createPostgresRecords({ url: services.postgres.url('slipway') });
  stops.push(() => records.close());
}, patience.preparation);

afterAll(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Each behind a door that is closed. */
async function startReceivers(): Promise<void> {
  slack = await startSlack();
  stops.push(() => slack.stop());
  api = await aGithubApi({ repository: 'example/shop', commits: [regions.commits.first], token: githubToken });
  stops.push(() => api.close());
  pager = await aPagerDuty(routingKey);
  stops.push(() => pager.close());
  mail = await aMailServer();
  stops.push(() => mail.close());
  const urls = { slack: slack.apiUrl, github: api.url, pages: pager.url, mail: mail.url };
  for (const name of ['slack', 'github', 'pages', 'mail'] as const) {
    doors[name] = await startClosedDoor(portOf(urls[name]));
    stops.push(() => doors[name].close());
  }
}

async function tellEverybody(file: string, settings: string): Promise<void> {
  const secret = async (name: string, text: string) => {
    await writeFile(join(settings, name), text, { mode: 0o600 });
    return `file:${join(settings, name)}`;
  };
  const targets = {
    github: { kind: 'github', token: await secret('github-token', githubToken), url: through(api.url, doors.github) },
    pages: {
      ...{ kind: 'pagerduty', routingKey: await secret('routing-key', routingKey) },
      url: through(pager.url, doors.pages),
    },
    mail: {
      ...{ kind: 'email', smtp: await secret('smtp', through(mail.url, doors.mail)) },
      ...{ from: 'slipway@example.test', to: ['shop@example.test'] },
    },
  };
  await editPolicy(file, ({ notify, environments }) => {
    Object.assign(notify, targets);
    environments[shop.environment]!.notify.push(...Object.keys(targets));
  });
}

const away = ['github', 'mail', 'pages'];

/** What there is for those who are away, the oldest first. */
async function messagesFor(run: string): Promise<ListedMessage[]> {
  const all = await records.outbox.list({ states: [...messageStates], limit: 100 });
  return all.filter((message) => message.run === run && away.includes(message.target)).reverse();
}

const endsOf = async (run: string) => (await messagesFor(run)).filter(({ event }) => event === 'ended-well');
const shown = () => slack.seen.messages.map((message) => messageLines(message).join('\n')).join('\n\n');

describe('a release while nobody can be told of it', () => {
  it(
    'goes on to its end; what there was to say waits, and none of it is lost, and all is told when they are back',
    async () => {
      const { first: commit } = regions.commits;
      const about = { ...{ directory, registry: services.registry.host }, repository: regions.repository, commit };
      const images = await pushReadyImages({ ...about, components: shopComponents });
      const [requester, approver] = [engine.tokens.requester, engine.tokens.approver].map((token) =>
        clientOf(engine.gatewayUrl, token),
      ) as [ReturnType<typeof clientOf>, ReturnType<typeof clientOf>];
      const wanted = { service: shop.service, branch: shop.branch, commit, requestKey: randomUUID(), images };
      const { releaseId } = await requester.start(wanted);
      const planHash = await until('the plan to be asked about', async () => {
        const { status } = await requester.release(releaseId);
        return status?.stage === 'awaiting-approval' && status.planHash;
      });
      await approver.decide(releaseId, {
        ...{ decisionId: randomUUID(), kind: 'approve', planHash, channel: 'test', reason: 'looks right' },
      });
      const { outcome } = await until('the release to end', async () => {
        const view = await requester.release(releaseId);
        return view.open ? undefined : view;
      });
      expect(outcome).toBe('verified');

      // Each was asked for in vain, and nobody has given up, or takes anything for said.
      await until('each of them to have been tried', async () => {
        const tried = (await messagesFor(releaseId)).filter(({ tries }) => tries > 0).map(({ target }) => target);
        return away.every((target) => tried.includes(target)) && doors.slack.turnedAway() > 0;
      });
      const all = await messagesFor(releaseId);
      // What asked for the approval is not said any more once there is one, nor how far it was once it is further.
      const passing = ['approval', 'started', 'changing'];
      const waiting = all.filter(({ event, state }) => !passing.includes(event) || state !== 'overtaken');
      expect([...new Set(waiting.map(({ state }) => state))]).toEqual(['waiting']);
      for (const { why } of waiting) if (why !== undefined) expect(why).toMatch(/SLIP-NTF-1/);
      expect((await endsOf(releaseId)).map(({ target, state }) => `${target} ${state}`).sort()).toEqual(
        away.map((target) => `${target} waiting`),
      );
      expect([slack.seen.messages, api.deployments, pager.changes, mail.received]).toEqual([[], [], [], []]);

      for (const door of Object.values(doors)) door.open();
      await until(
        'the end to be told to all of them',
        async () => (await endsOf(releaseId)).every(({ state }) => state === 'delivered'),
        () => messagesFor(releaseId),
      );
      expect(api.deployments.map(({ sha, statuses }) => [sha, statuses.at(-1)?.state])).toEqual([[commit, 'success']]);
      expect(pager.changes).toHaveLength(1);
      expect(mail.received.filter(({ headers }) => headers.get('subject')?.includes('verified'))).toHaveLength(1);
      await until('the message in Slack to be drawn to its end', () => shown().includes('verified'), shown);
    },
    patience.preparation,
  );
});

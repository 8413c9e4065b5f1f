import { writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import { createGatewayClient } from '../../client/cli/gateway-client.ts';
import { processIo } from '../../client/cli/io.ts';
import { pushReadyImages } from '../../lab/demo/ready-images.ts';
import type { SandboxRegions } from '../../lab/sandbox-regions.ts';
import { shop, shopComponents } from '../../lab/shop/pipeline-file.ts';
import { messageLines } from '../../lab/slack/channel-lines.ts';
import type { Posted } from '../../lab/slack/channel.ts';
import { messageWith, press, valueOf } from '../../lab/slack/press.ts';
import { startSlack } from '../../lab/slack/stand-in.ts';
import type { SlackStandIn } from '../../lab/slack/stand-in.ts';
import { startEngine } from '../../lab/world.ts';
import type { LabEngine, LabSlack, Services } from '../../lab/world.ts';
import { useRunner } from '../client/github-action/runner.ts';
import { aPagerDuty } from '../contract/pagerduty-receiver.ts';
import type { PagerDuty } from '../contract/pagerduty-receiver.ts';
import { aGithubApi } from '../support/github-api.ts';
import type { GithubApiServer } from '../support/github-api.ts';
import { actor, audience, repository as repositoryId, useGithubTokens } from '../support/github-tokens.ts';
import { editPolicy, holdsWhereItFails } from '../support/operator-files.ts';
import { serveShop, startShopGround } from '../support/shop-ground.ts';
import { patience, until } from '../support/world-until.ts';

/** Releases by people who have no command line: a job starts them, a press in Slack decides, and GitHub and PagerDuty are told. */

const github = useGithubTokens();
const runner = useRunner();
const app = { id: 7, installation: 8 };
const routingKey = 'r'.repeat(32);
const users = { requester: 'ULABDEVELOPER', approver: 'ULABAPPROVER' };

let directory = '';
let services: Services;
let regions: SandboxRegions;
let slack: SlackStandIn;
let signing: LabSlack;
let api: GithubApiServer;
let pager: PagerDuty;
let engine: LabEngine;
let held = '';
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const ground = await startShopGround('doors', stops);
  ({ directory, services, regions } = ground);
  held = await holdsWhereItFails(regions.repository);
  const repository = await serveShop(ground, stops);
  slack = await startSlack();
  stops.push(() => slack.stop());
  const keys = await generateKeyPair('RS256', { extractable: true });
  const commits = [regions.commits.first, held];
  const publicKey = await exportSPKI(keys.publicKey);
  api = await aGithubApi({ repository: 'example/shop', commits, token: 'nobody', app: { ...app, publicKey } });
  stops.push(() => api.close());
  pager = await aPagerDuty(routingKey);
  stops.push(() => pager.close());
  signing = {
    ...{ apiUrl: slack.apiUrl, channel: slack.channel, users },
    signingSecret: randomBytes(16).toString('hex'),
  };
  engine = await startEngine({
    ...{ directory, services, regions: regions.regions, repository, progress: () => undefined },
    gates: { images: false, secrets: false, tests: false },
    slack: signing,
    environment: {
      SLIPWAY_SOURCE_PROTOCOLS: 'http',
      SLIPWAY_GITHUB_ISSUER: github.issuer(),
      SLIPWAY_GITHUB_AUDIENCE: audience,
    },
  });
  stops.push(() => engine.stop());
  const settings = join(directory, 'settings');
  await writeFile(join(settings, 'github-app.pem'), await exportPKCS8(keys.privateKey), { mode: 0o600 });
  await writeFile(join(settings, 'routing-key'), routingKey, { mode: 0o600 });
  await tellEverybody(engine.environment['SLIPWAY_POLICY_FILE']!, settings);
}, patience.preparation);

afterAll(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** The operator's part: which repository may release, who its robot is, and who is told. */
function tellEverybody(file: string, settings: string): Promise<void> {
  return editPolicy(file, (policy) => {
    Object.assign(policy.services[shop.service]!, { github: { repository: repositoryId, events: ['push'] } });
    policy.people['shop-robot'] = { github: actor };
    policy.notify['github'] = { kind: 'github', app: { ...app, key: `file:${settings}/github-app.pem` }, url: api.url };
    policy.notify['pages'] = { kind: 'pagerduty', routingKey: `file:${settings}/routing-key`, url: pager.url };
    policy.environments[shop.environment]!.notify.push('github', 'pages');
  });
}

/** A job of the repository, for that commit. */
async function job(commit: string) {
  runner.token = (aud) => {
    const now = Math.floor(Date.now() / 1_000);
    return github.token({ aud, sha: commit, iat: now, nbf: now, exp: now + 300 });
  };
  const images = await pushed(commit);
  const lines = Object.entries(images).map(([component, image]) => `${component}=${image}`);
  const inputs = { gateway: engine.gatewayUrl, service: shop.service, audience, images: lines.join('\n'), wait: 'end' };
  return runner.begin(inputs, {
    GITHUB_SHA: commit,
    GITHUB_REPOSITORY_ID: String(repositoryId),
    GITHUB_RUN_ID: commit.slice(0, 8).replaceAll(/\D/g, '1'),
  });
}

function pushed(commit: string): Promise<Record<string, string>> {
  const { repository } = regions;
  return pushReadyImages({
    directory,
    registry: services.registry.host,
    repository,
    commit,
    components: shopComponents,
  });
}

const shown = () => slack.seen.messages.map((message) => messageLines(message).join('\n')).join('\n\n');

/** Presses it as soon as a message has it. */
async function pressOnceThere(button: string): Promise<Posted> {
  const message = await until(`a message with ${button}`, () => messageWith(slack, button), shown);
  await press(
    slack,
    { gatewayUrl: engine.gatewayUrl, signingSecret: signing.signingSecret },
    { user: users.approver, button, message },
  );
  return message;
}

async function audited(what: string) {
  const client = createGatewayClient({
    url: engine.gatewayUrl,
    token: engine.tokens.approver,
    io: processIo(new AbortController().signal),
  });
  const lane = `${shop.service}/${shop.environment}`;
  const rows: ChainedEntry[] = [];
  for (let page = await client.auditRows(lane, 0); page.length > 0; page = await client.auditRows(lane, rows.length))
    rows.push(...page);
  return rows.filter((row) => row.what === what).map(({ who, facts }) => ({ who, facts }));
}

describe('people who have no command line', () => {
  it(
    'release by a job, approve by a press in Slack, and see how it has ended there, at GitHub, and nowhere else',
    async () => {
      const { first } = regions.commits;
      const step = await job(first);
      const message = await pressOnceThere('slipway-approve');
      const { exitCode, outputs, log } = await step.ended;
      expect({ exitCode, outcome: outputs['outcome'], log }).toEqual({ exitCode: 0, outcome: 'verified', log });
      await until('the message to be edited to its end', () => message.text.includes('verified'), shown);
      expect(message.edits).toBeGreaterThan(0);
      expect(valueOf(message, 'slipway-approve')).toBeUndefined();
      await until('GitHub to be told of the end', () => api.checks[0]?.conclusion === 'success');
      expect(api.deployments.map(({ sha, statuses }) => [sha, statuses.at(-1)?.state])).toEqual([[first, 'success']]);
      expect(api.checks.map((check) => check.head_sha)).toEqual([first]);
      await until('PagerDuty to be told of the change', () => pager.changes.length === 1);
      expect(pager.open.size).toBe(0);
      expect(await audited('decision approve')).toEqual([
        {
          who: 'lab-approver',
          facts: expect.objectContaining({
            channel: 'slack',
            releaseId: outputs['release'],
            planHash: outputs['plan'],
          }),
        },
      ]);
    },
    patience.preparation,
  );

  it(
    'are paged where it fails in nl, have it rolled back by a press in Slack, and the page is closed',
    async () => {
      const step = await job(held);
      await pressOnceThere('slipway-approve');
      await until('somebody to be paged', () => pager.open.size === 1);
      const message = await pressOnceThere('slipway-roll-back');
      const { outputs } = await step.ended;
      expect(outputs['outcome']).toBe('rolled-back');
      await until('the page to be closed', () => pager.open.size === 0);
      await until('the message to say so', () => message.text.includes('rolled-back'), shown);
      await until('GitHub to be told so', () => api.checks[1]?.conclusion === 'failure');
      expect(api.deployments.map(({ sha }) => sha)).toEqual([regions.commits.first, held]);
      expect(await audited('decision roll-back')).toEqual([
        { who: 'lab-approver', facts: expect.objectContaining({ channel: 'slack', releaseId: outputs['release'] }) },
      ]);
    },
    patience.preparation,
  );
});

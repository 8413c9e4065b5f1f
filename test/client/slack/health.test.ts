import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { lazyParts } from '../../../client/cli/dev-parts.ts';
import { slackDoor } from '../../../client/slack/door.ts';
import { slipway } from '../cli/terminal.ts';
import { tokens, useGateway } from '../gateway/gateway.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { signingSecret } from './clicks.ts';
import { useSlack } from './slack.ts';

const slack = useSlack();
const gateway = useGateway();
const opened: TestGateway[] = [];
const botToken = 'xoxb-very-secret';
const nowhere = 'http://127.0.0.1:1';

afterEach(async () => {
  for (const { server } of opened.splice(0)) await server.close();
});

function withSlack(): TestGateway {
  const here = gateway({}, [slackDoor({ botToken, signingSecret, apiUrl: slack.apiUrl })]);
  opened.push(here);
  return here;
}

const revoked = ({ method }: { method: string }) =>
  method === 'auth.test' ? { status: 200, body: { ok: false, error: 'token_revoked' } } : undefined;

describe('a gateway that shows releases in Slack', () => {
  it('says whether Slack takes what it has, to whom it knows, and is well all the same', async () => {
    expect(await withSlack().get('/v1/health')).toMatchObject({ status: 200, body: { ok: true, slack: 'ok' } });
    slack.instead = revoked;
    const here = withSlack();
    const told = await here.get('/v1/health');
    const says = expect.stringContaining('Slack does not take the bot token: token_revoked') as unknown;
    expect(told).toMatchObject({ status: 200, body: { ok: true, slack: { ok: false, says } } });
    expect(JSON.stringify(told)).not.toContain(botToken);
    expect(await here.get('/healthz', '')).toEqual({ status: 200, body: { ok: true } });
  });

  it('says that Slack does not answer, and nothing of Slack where there is none', async () => {
    slack.instead = () => ({ status: 503, body: { ok: false } });
    const says = expect.stringContaining('Slack does not answer') as unknown;
    expect((await withSlack().get('/v1/health')).body).toMatchObject({ ok: true, slack: { ok: false, says } });
    expect((await gateway().get('/v1/health')).body).not.toHaveProperty('slack');
  });

  it('has `slipway doctor` name it as a problem, with what helps', async () => {
    slack.instead = revoked;
    const { server } = withSlack();
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const { exitCode, stdout } = await slipway(['doctor'], url, { env: { SLIPWAY_TOKEN: tokens.dana } });
    expect(stdout).toMatch(/ok {6}gateway: .* answers\n/);
    expect(stdout).toMatch(/problem gateway slack: Slack does not take the bot token: token_revoked/);
    expect(stdout).toMatch(/next: Releases, and every other door, go on\. .*`slipway setup --check`/);
    expect(exitCode).toBe(1);
  });
});

describe('slipway setup --check', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-slack-health-'));
    await writeFile(join(directory, 'bot'), botToken, { mode: 0o600 });
    await writeFile(join(directory, 'signing'), signingSecret, { mode: 0o600 });
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** With all else well: nothing but Slack is asked here. */
  const check = (...args: string[]) =>
    slipway(['setup', '--check', ...args], nowhere, {
      parts: {
        checkRecords: async () => [{ ok: true, says: 'the records are well' }],
        checkTemporal: async () => [{ ok: true, says: 'Temporal is well' }],
        checkSlack: lazyParts.checkSlack,
      },
      env: {
        SLIPWAY_SLACK_BOT_TOKEN: `file:${join(directory, 'bot')}`,
        SLIPWAY_SLACK_SIGNING_SECRET: `file:${join(directory, 'signing')}`,
        SLIPWAY_SLACK_API: slack.apiUrl,
      },
    });

  it('says that Slack takes the tokens, behind what else there is', async () => {
    expect(await check()).toMatchObject({
      exitCode: 0,
      stdout: 'the records are well\nTemporal is well\nSlack takes the tokens\n',
    });
  });

  it('ends with 1 where it does not, with what Slack has said and what helps, and without the token', async () => {
    slack.instead = revoked;
    const { exitCode, stdout } = await check();
    expect(stdout).toMatch(/left Slack does not take the bot token: token_revoked\n {5}next: Copy the Bot User OAuth/);
    expect(stdout).not.toContain(botToken);
    expect(exitCode).toBe(1);
    expect((await check('--json')).json['left']).toEqual([
      {
        says: 'Slack does not take the bot token: token_revoked',
        next: expect.stringContaining('SLIPWAY_SLACK_BOT_TOKEN') as unknown,
      },
    ]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readWhatIsRight } from '../../temporal.config.ts';
import { checkSlack, slackBeside, slackSecrets } from '../../workers/gateway-slack.ts';
import { aClick, send, signingSecret } from '../client/slack/clicks.ts';
import { useSlack } from '../client/slack/slack.ts';
import { useGateway } from '../client/gateway/gateway.ts';
import { aStatus } from '../client/cli/builders.ts';

const slack = useSlack();
const gateway = useGateway();
let directory: string;
let env: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-slack-'));
  const secrets = { bot: 'xoxb-test', signing: signingSecret, app: 'xapp-test' };
  for (const [name, secret] of Object.entries(secrets)) await writeFile(join(directory, name), secret, { mode: 0o600 });
  env = {
    SLIPWAY_SLACK_BOT_TOKEN: `file:${join(directory, 'bot')}`,
    SLIPWAY_SLACK_SIGNING_SECRET: `file:${join(directory, 'signing')}`,
  };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};
const refusing =
  (error: string) =>
  ({ method }: { method: string }) =>
    method === 'auth.test' || method === 'apps.connections.open'
      ? { status: 200, body: { ok: false, error } }
      : undefined;
const references = () => ({
  apiUrl: slack.apiUrl,
  botToken: env['SLIPWAY_SLACK_BOT_TOKEN']!,
  signingSecret: env['SLIPWAY_SLACK_SIGNING_SECRET']!,
});

describe('the door of Slack as a gateway has it', () => {
  it('draws by itself, one round after another, takes what is signed by the secret in the file, and ends with the gateway', async () => {
    const here = gateway({}, [await slackBeside(references(), { everyMs: 1 })]);
    here.policy.channels = [slack.channel];
    const run = await here.release();
    const shown = (text: string) => slack.calls.some(({ said }) => said['text']?.includes(text));
    here.engine.status = async () => aStatus({ doing: 'the first thing' });
    await until(() => shown(here.service));
    here.engine.status = async () => aStatus({ doing: 'another thing' });
    while (!shown('another thing')) {
      here.later(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(
      (await send(here.server, { body: aClick(slack, { value: JSON.stringify({ run }), ts: '1.1' }), timestamp: 0 }))
        .status,
    ).toBe(401);
    await here.server.close();
    const calls = slack.calls.length;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(slack.calls).toHaveLength(calls);
  });

  it('says in its log, and where the gateway is asked how it is, that Slack does not take the token, and goes on', async () => {
    slack.instead = refusing('invalid_auth');
    const door = await slackBeside(references(), { everyMs: 60_000 });
    const here = gateway({}, [door]);
    await here.server.ready();
    await until(() => here.logged.length > 0);
    expect(String(here.logged[0])).toMatch(/Slack does not take the bot token: invalid_auth\. Copy the Bot User OAuth/);
    expect(await door.problem()).toContain('invalid_auth');
    slack.instead = () => undefined;
    expect(await door.problem()).toBeUndefined();
    await here.server.close();
  });
});

describe('slipway setup --check', () => {
  const check = (more: Record<string, string> = {}) => checkSlack({ ...env, ...more, SLIPWAY_SLACK_API: slack.apiUrl });

  it('asks Slack whether it takes the tokens, and nothing where there are none', async () => {
    expect(await check()).toEqual([{ ok: true, says: 'Slack takes the tokens' }]);
    expect(slack.calls.map(({ method }) => method)).toEqual(['auth.test']);
    expect(await checkSlack({ SLIPWAY_SLACK_API: slack.apiUrl })).toEqual([]);
  });

  it.each([
    ['invalid_auth', /Slack does not take the bot token: invalid_auth/, /Copy the Bot User OAuth Token/],
    ['account_inactive', /Slack does not take the bot token: account_inactive/, /SLIPWAY_SLACK_BOT_TOKEN/],
    ['internal_error', /Slack does not answer/, /Releases go on/],
  ])('says what Slack has said (%s), and what helps', async (error, says, next) => {
    slack.instead = refusing(error);
    expect(await check()).toEqual([
      { ok: false, says: expect.stringMatching(says) as unknown, next: expect.stringMatching(next) as unknown },
    ]);
  });

  it('says which scope the app lacks', async () => {
    slack.instead = () => ({
      status: 200,
      body: { ok: true, team_id: 'T1' },
      headers: { 'x-oauth-scopes': 'chat:write' },
    });
    expect(await check()).toEqual([expect.objectContaining({ ok: false, says: 'the app lacks the scope commands' })]);
  });

  it('asks for the app-level token too, where there is one', async () => {
    const { SLIPWAY_SLACK_BOT_TOKEN: bot } = env;
    const socket = { SLIPWAY_SLACK_BOT_TOKEN: bot!, SLIPWAY_SLACK_APP_TOKEN: `file:${join(directory, 'app')}` };
    slack.instead = ({ method }) =>
      method === 'apps.connections.open' ? { status: 200, body: { ok: false, error: 'invalid_auth' } } : undefined;
    expect(await checkSlack({ ...socket, SLIPWAY_SLACK_API: slack.apiUrl })).toEqual([
      expect.objectContaining({ ok: false, says: 'Slack does not take the app-level token: invalid_auth' }),
    ]);
  });

  it('says which reference leads nowhere', async () => {
    expect(await check({ SLIPWAY_SLACK_BOT_TOKEN: 'file:/no/token' })).toEqual([
      expect.objectContaining({
        ok: false,
        says: expect.stringContaining('file:/no/token cannot be resolved') as unknown,
      }),
    ]);
  });
});

describe('what a gateway begins with', () => {
  const told = async (more: Record<string, string>) => {
    const set = readWhatIsRight({ ...env, ...more });
    return (await slackSecrets({ set, policy: () => undefined })).map(({ says }) => says);
  };

  it('is well with secrets that are there, or with none', async () => {
    expect(await told({})).toEqual([]);
    expect(await slackSecrets({ set: {}, policy: () => undefined })).toEqual([]);
  });

  it('tells a secret that is not there, and one in the place of another, and never what it is', async () => {
    expect(await told({ SLIPWAY_SLACK_SIGNING_SECRET: 'file:/no/secret' })).toEqual([
      expect.stringContaining('file:/no/secret cannot be resolved'),
    ]);
    const wrong = await told({ SLIPWAY_SLACK_BOT_TOKEN: env['SLIPWAY_SLACK_SIGNING_SECRET']! });
    expect(wrong).toEqual([expect.stringMatching(/^SLIPWAY_SLACK_BOT_TOKEN: what .* does not begin with xoxb-/)]);
    expect(wrong.join()).not.toContain(signingSecret);
  });
});

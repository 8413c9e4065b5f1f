import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGithubNotifier, type GithubAddress } from '../../activities/notify/github-notifier.ts';
import type { Notification } from '../../activities/notify/port.ts';
import { aGithubApi, type GithubApiServer } from '../support/github-api.ts';
import { aNotification, describeNotifier } from './notify.suite.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const commit = 'a'.repeat(40);
const repository = 'example/shop';
const app = { id: 12, installation: 34 };
const byApp = { app: { ...app, key: privateKey } };
const promoted = { environment: 'staging', releaseId: 'release/shop/staging/a/1' };
const places = {
  regions: ['de', 'nl'],
  components: [{ name: 'core', image: `shop/core@sha256:${'b'.repeat(64)}`, promoted }],
};

const aServer = () => aGithubApi({ repository, commits: [commit], token: 'ghp_1', app: { ...app, publicKey } });

function githubAt(url: string, more: Partial<GithubAddress> = {}, undone?: string) {
  return createGithubNotifier({
    addressNow: async () => ({ login: byApp, url, ...more }),
    releaseOf: async (run) => ({ release: undone ?? run, host: 'github.com', repository, commit, placed: places }),
  });
}

describeNotifier('GitHub', async () => {
  const github = await aServer();
  return {
    notifier: githubAt(github.url),
    seen: () => github.checks.map(({ output }) => output.title),
    tearDown: () => github.close(),
  };
});

const run = 'release/shop/production/abc/1';
const wanted = (changes: Partial<Notification> = {}) =>
  aNotification({ run, key: 'wanted', event: 'approval', level: 'attention', title: 'approval wanted', ...changes });
const held = () => aNotification({ run, key: 'held', event: 'held', level: 'problem', title: 'held' });
const ended = (outcome = 'verified', level: Notification['level'] = 'info') =>
  aNotification({
    run,
    key: 'end',
    event: outcome === 'verified' ? 'ended-well' : 'ended-otherwise',
    level,
    title: `it ended ${outcome}`,
    facts: { outcome },
  });

describe('a release at GitHub', () => {
  let github: GithubApiServer;
  beforeEach(async () => {
    github = await aServer();
  });
  afterEach(() => github.close());
  const statesOf = (n = 0) => github.deployments[n]?.statuses.map(({ state }) => state);

  it('is one deployment and one check on its commit, told how it goes on', async () => {
    const notifier = githubAt(github.url, { page: 'https://slipway.example/releases/' });
    for (const one of [wanted(), held(), ended()]) await notifier.notify(one);
    expect(github.deployments).toHaveLength(1);
    expect(github.deployments[0]).toMatchObject({
      sha: commit,
      environment: 'shop/production',
      payload: { release: run },
    });
    expect(statesOf()).toEqual(['queued', 'in_progress', 'success']);
    const link = `https://slipway.example/releases/${encodeURIComponent(run)}`;
    expect(github.deployments[0]!.statuses[0]).toMatchObject({ description: 'approval wanted', log_url: link });
    expect(github.checks).toHaveLength(1);
    expect(github.checks[0]).toMatchObject({
      ...{ name: 'slipway: shop/production', head_sha: commit, external_id: run, details_url: link },
      ...{ status: 'completed', conclusion: 'success' },
    });
    expect(github.checks[0]!.output.summary).toContain(
      `- \` nl \` \` core \` \` ${places.components[0]!.image} \` promoted from \` staging \``,
    );
  });

  it('leads to the page of the run at the gateway, where the policy names no other', async () => {
    const pages = 'https://slipway.example';
    await githubAt(github.url, { pages }).notify(wanted());
    const link = `${pages}/runs/${run}`;
    expect(github.deployments[0]!.statuses[0]).toMatchObject({ log_url: link });
    expect(github.checks[0]).toMatchObject({ details_url: link });
  });

  const underWay = (event: 'started' | 'changing') =>
    aNotification({ run, key: event, event, level: 'info', title: `it is ${event}` });

  it('is in progress from its beginning, queued while it waits for people, and in progress again', async () => {
    const notifier = githubAt(github.url);
    await notifier.notify(underWay('started'));
    expect([statesOf(), github.checks[0]?.status]).toEqual([['in_progress'], 'in_progress']);
    await notifier.notify(wanted());
    expect([statesOf(), github.checks[0]?.status]).toEqual([['in_progress', 'queued'], 'queued']);
    for (const one of [underWay('changing'), ended()]) await notifier.notify(one);
    expect(statesOf()).toEqual(['in_progress', 'queued', 'in_progress', 'success']);
    for (const late of [underWay('started'), wanted({ key: 'late' })]) await githubAt(github.url).notify(late);
    expect([statesOf()?.length, github.deployments.length, github.checks[0]?.conclusion]).toEqual([4, 1, 'success']);
  });

  it.each<[string, Notification['level'], string[] | undefined, string]>([
    ['halted', 'problem', ['failure'], 'failure'],
    ['rolled-back', 'attention', ['failure'], 'failure'],
    ['unproven', 'attention', ['success'], 'neutral'],
    ['superseded', 'attention', undefined, 'cancelled'],
  ])('that ends %s is told as that, with no deployment where there was none to end', async (...row) => {
    const [outcome, level, states, conclusion] = row;
    await githubAt(github.url).notify(ended(outcome, level));
    expect([statesOf(), github.checks[0]!.conclusion]).toEqual([states, conclusion]);
  });

  it('that was rejected is inactive', async () => {
    await githubAt(github.url).notify(wanted());
    await githubAt(github.url).notify(ended('rejected', 'attention'));
    expect(statesOf()).toEqual(['queued', 'inactive']);
  });

  it('is inactive when somebody has it taken back, by whatever run', async () => {
    await githubAt(github.url).notify(ended());
    const back = { ...ended(), run: 'rollback/shop/production/1234', key: 'back' };
    await githubAt(github.url, {}, run).notify(back);
    expect(statesOf()).toEqual(['success', 'inactive']);
    expect(github.checks[0]).toMatchObject({ conclusion: 'success' });
  });

  it('stays as it has ended, whatever comes late', async () => {
    await githubAt(github.url).notify(ended());
    await githubAt(github.url).notify(held());
    expect([statesOf(), github.checks[0]!.status]).toEqual([['success'], 'completed']);
  });

  it.each([
    'POST /repos/example/shop/deployments',
    'POST /repos/example/shop/deployments/2/statuses',
    'POST /repos/example/shop/check-runs',
  ])('is the same where the reply to %s is lost, and another process sends it again', async (lost) => {
    github.next = (asked) => (asked === lost ? 'cut' : undefined);
    await expect(githubAt(github.url).notify(wanted())).rejects.toThrow('SLIP-NTF-1');
    github.next = () => undefined;
    await githubAt(github.url).notify(wanted());
    expect([github.deployments.length, statesOf(), github.checks.length]).toEqual([1, ['queued'], 1]);
  });

  it('is one for everybody where two have made it at once: the oldest', async () => {
    await githubAt(github.url).notify(wanted());
    const [first] = github.deployments;
    github.deployments.push({ ...first!, id: 1_000, statuses: [] });
    await githubAt(github.url).notify(ended());
    expect([statesOf(0), statesOf(1)]).toEqual([['queued', 'success'], []]);
  });

  it('by a token is a deployment alone: checks are for apps', async () => {
    await githubAt(github.url, { login: { token: 'ghp_1\n' } }).notify(ended());
    expect([statesOf(), github.checks]).toEqual([['success'], []]);
  });

  it('asks for one token as long as it works, and for another one at the next try when it does not', async () => {
    const notifier = githubAt(github.url);
    await notifier.notify(wanted());
    await notifier.notify(held());
    const logins = () => github.asked.filter((one) => one.includes('access_tokens')).length;
    expect(logins()).toBe(1);
    github.revoke();
    await expect(notifier.notify(ended())).rejects.toThrow('SLIP-NTF-1');
    await notifier.notify(ended());
    expect([logins(), statesOf()]).toEqual([2, ['queued', 'in_progress', 'success']]);
  });

  const now = 'Sat, 28 Nov 2026 06:00:00 GMT';
  const inAMinuteAndAHalf = String(Date.parse(now) / 1_000 + 90);
  it.each<[number, Record<string, string>, object, number | undefined, string]>([
    [403, { 'retry-after': '17' }, {}, 17_000, 'SLIP-NTF-1'],
    [429, { 'retry-after': '17' }, {}, 17_000, 'SLIP-NTF-1'],
    [429, {}, {}, 60_000, 'SLIP-NTF-1'],
    [403, {}, { message: 'You have exceeded a secondary rate limit' }, 60_000, 'SLIP-NTF-1'],
    [
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inAMinuteAndAHalf, date: now },
      {},
      90_000,
      'SLIP-NTF-1',
    ],
    [502, {}, {}, undefined, 'SLIP-NTF-1'],
    [401, {}, {}, undefined, 'SLIP-NTF-2'],
    [403, { 'x-ratelimit-remaining': '4000' }, {}, undefined, 'SLIP-NTF-2'],
    [404, {}, {}, undefined, 'SLIP-NTF-2'],
    [422, {}, {}, undefined, 'SLIP-NTF-2'],
  ])('answered with %d, %j and %j waits for as long as it is asked to: %s ms, %s', async (...row) => {
    const [status, headers, body, retryAfterMs, code] = row;
    github.next = () => ({ status, headers, body });
    const error: unknown = await githubAt(github.url)
      .notify(wanted())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ details: { code, ...(retryAfterMs !== undefined && { retryAfterMs }) } });
    expect(github.asked).toHaveLength(1);
  });

  it.each([
    [422, /access_tokens$/, /answered 422: the app has not the rights/],
    [422, /deployments$/, /answered 422: the commit is not in that repository/],
    [301, /deployments$/, /answered 301: the repository is called otherwise by now/],
  ])('is told, where %d is answered at %s, what to do about it', async (status, where, told) => {
    github.next = (asked) => (where.test(asked) ? { status } : undefined);
    await expect(githubAt(github.url).notify(wanted())).rejects.toThrow(told);
  });

  it.each([
    [{ login: { app: { ...app, key: 'no key' } } }, /SLIP-NTF-3.*private key/],
    [{ login: { token: 'another' } }, /SLIP-NTF-2.*401.*token/],
  ])('is refused with what to do where the login is none, and shows none: %#', async (address, told) => {
    await expect(githubAt(github.url, address).notify(wanted())).rejects.toThrow(told);
  });

  it('of a repository that is elsewhere is nothing for GitHub itself', async () => {
    const notifier = createGithubNotifier({
      addressNow: async () => ({ login: byApp }),
      releaseOf: async (release) => ({ release, host: 'git.example', repository, commit }),
    });
    await expect(notifier.notify(wanted())).rejects.toThrow(/SLIP-NTF-4.*git\.example.*`url`/);
  });

  it('has words of strangers as code: no markup, nobody called, on one line, and cut', async () => {
    const title = `@everyone <b>\u202e\u0007\n# ${'x'.repeat(10_000)}`;
    const why = `\`\`\`\n@octocat <img src=x> ${'y'.repeat(10_000)}`;
    await githubAt(github.url).notify(wanted({ title, facts: { why } }));
    const { output } = github.checks[0]!;
    const { description } = github.deployments[0]!.statuses[0]!;
    expect([description.length, output.title.length]).toEqual([140, 200]);
    for (const line of [description, output.title])
      expect(line).toMatch(/^@\u200beveryone <b>\\u\{202e\}\\u\{7\}\\n# x/);
    const [first, , , fact] = output.summary.split('\n');
    expect(first).toMatch(/^` @everyone <b>\\u\{202e\}\\u\{7\}\\n# x+ `$/);
    expect(fact).toMatch(/^- ` why `: ```` ```\\n@octocat <img src=x> y+ ````$/);
    expect(output.summary.length).toBeLessThan(5_000);
  });
});

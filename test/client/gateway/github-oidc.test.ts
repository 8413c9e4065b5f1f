import { afterEach, describe, expect, it } from '@jest/globals';
import { githubDoor } from '../../../client/gateway/github-oidc.ts';
import { actor, audience, repository, sha, useGithubTokens } from '../../support/github-tokens.ts';
import { aHash } from '../../domain/builders.ts';
import { anOrder, aStart, useGateway } from './gateway.ts';
import type { TestGateway } from './gateway.ts';

const github = useGithubTokens();
const door = (pipeline: Parameters<typeof githubDoor>[0]['pipeline']) =>
  githubDoor({ issuer: github.issuer(), audience, pipeline, now: github.now, cooldownMs: 0 });
const start = useGateway((pipeline) => [door(pipeline)]);

const events = ['push', 'workflow_dispatch'];

/** That lets jobs of the repository release its service, and knows who pushes. */
function gateway(changes: { workflows?: string[]; environment?: string } = {}): TestGateway {
  const parts = start();
  const { service } = parts;
  const { environment, ...more } = changes;
  const environments = [{ name: 'production', ...(environment !== undefined && { environment }) }];
  parts.policy.github = [{ service, repository, events, ...more, environments }];
  parts.policy.people = { people: { 'shop-robot': { github: actor }, dana: { token: 'dana' } }, groups: {} };
  return parts;
}

const startedBy = async (parts: TestGateway, token: string, changes: Record<string, unknown> = {}) =>
  parts.post('/v1/releases', aStart(parts.service, { commit: sha, ...changes }), token);

describe('a job of GitHub Actions', () => {
  it('starts the commit that it runs for, as whoever has set it off, and follows its release', async () => {
    const parts = gateway();
    const token = await github.token();
    const { status, body } = await startedBy(parts, token);
    expect([status, body]).toMatchObject([201, { releaseId: `release/${parts.service}/production/${sha}/1` }]);
    expect(parts.engine.started[0]?.requestedBy).toEqual({ id: 'shop-robot', via: 'github', groups: [] });
    expect((await parts.get(`/v1/releases/${encodeURIComponent(body.releaseId)}`, token)).status).toBe(200);
    expect((await parts.get('/v1/releases', token)).body.releases).toHaveLength(1);
  });

  it('neither decides nor orders anything of a lane', async () => {
    const parts = gateway();
    const token = await github.token();
    const { body } = await startedBy(parts, token);
    const approval = anOrder('approve', { planHash: aHash() });
    const refused = [
      await parts.post(parts.decisionPath(body.releaseId), approval, token),
      await parts.post(parts.decisionPath(body.releaseId), anOrder('abort'), token),
      await parts.post(`/v1/lanes/${parts.service}/production/freeze`, { reason: 'why' }, token),
    ];
    expect(refused.map(({ status, body: { error } }) => [status, error.code])).toEqual([
      [403, 'forbidden'],
      [403, 'forbidden'],
      [403, 'forbidden'],
    ]);
  });

  it('sees nothing of other services', async () => {
    const [parts, other] = [gateway(), gateway()];
    other.policy.github = [];
    const id = await other.release();
    other.policy.github = parts.policy.github!;
    const token = await github.token();
    expect((await other.get(`/v1/releases/${encodeURIComponent(id)}`, token)).status).toBe(404);
    expect((await startedBy(other, token)).status).toBe(404);
  });

  it.each<[string, Record<string, unknown>, number, string, string]>([
    ['expired', { exp: 3_999_999_900 }, 401, 'bad-credential', 'it has expired'],
    ['not yet valid', { nbf: 4_000_000_100 }, 401, 'bad-credential', 'it is not good yet'],
    ['made for somebody else', { aud: 'sts.amazonaws.com' }, 401, 'bad-credential', 'it is made for sts.amazonaws.com'],
    ['of another issuer', { iss: 'https://example.com' }, 401, 'unauthenticated', 'does not know this token'],
    ['of another repository', { repository_id: '701' }, 403, 'forbidden', 'GitHub repository 701 (example/shop)'],
    [
      'of a fork of the same name',
      { repository_id: '9', event_name: 'pull_request' },
      403,
      'forbidden',
      'repository 9',
    ],
    ['of a pull request', { event_name: 'pull_request' }, 403, 'forbidden', 'a job that pull_request has started'],
    ['of a pull request, by its ref', { ref: 'refs/pull/1/merge' }, 403, 'forbidden', 'refs/pull/1/merge is no branch'],
    ['of a tag', { ref: 'refs/tags/v1', ref_type: 'tag' }, 403, 'forbidden', 'refs/tags/v1 is no branch'],
    ['of another commit', { sha: 'b'.repeat(40) }, 403, 'forbidden', `good for ${'b'.repeat(40)} of main alone`],
    ['of another branch', { ref: 'refs/heads/next' }, 403, 'forbidden', `good for ${sha} of next alone`],
    ['of whom the policy does not know', { actor_id: '502' }, 403, 'stranger', 'the GitHub account 502 (octocat)'],
    ['without an id', { jti: undefined }, 401, 'bad-credential', 'its claim jti is missing'],
    ['without an end', { exp: undefined }, 401, 'bad-credential', 'its claim exp is missing'],
    ['without a commit', { sha: 'main' }, 401, 'bad-credential', 'not as those of a job: sha'],
    ['of a repository by name', { repository_id: 'example/shop' }, 401, 'bad-credential', 'repository_id'],
  ])('is refused by a token that is %s', async (_, claims, status, code, message) => {
    const parts = gateway();
    const { status: answered, body } = await startedBy(parts, await github.token(claims));
    expect([answered, body.error.code]).toEqual([status, code]);
    expect(body.error.message).toContain(message);
    expect(parts.engine.started).toEqual([]);
  });

  it.each([
    ['expired within what clocks may differ', { exp: 3_999_999_970 }],
    ['good in a moment', { nbf: 4_000_000_030 }],
  ])('is let in by a token that is %s', async (_, claims) => {
    expect((await startedBy(gateway(), await github.token(claims))).status).toBe(201);
  });

  it.each<[string, () => string | Promise<string>]>([
    ['nobody has signed', () => github.unsigned()],
    ['was signed with the public key', () => github.signedByPublicKey()],
    ['a key has signed that GitHub does not have', () => github.ofUnknownKey()],
    [
      'was changed',
      async () => {
        const [header, , signature] = (await github.token()).split('.');
        return [header, (await github.token({ sha: 'c'.repeat(40) })).split('.')[1], signature].join('.');
      },
    ],
  ])('is refused by a token that %s', async (_, token) => {
    const { status, body } = await startedBy(gateway(), await token());
    expect([status, body.error.code]).toEqual([401, 'bad-credential']);
    expect(body.error.message).toContain('GitHub has not signed it');
  });

  it('is not listened to with a token of a megabyte', async () => {
    const { status, body } = await startedBy(gateway(), `${await github.token()}${'a'.repeat(1_000_000)}`);
    expect([status, body.error.code]).toEqual([401, 'unauthenticated']);
  });

  it('is let in by a key that GitHub has had only since the others were read', async () => {
    const parts = gateway();
    expect((await startedBy(parts, await github.token())).status).toBe(201);
    await github.rotate();
    expect((await parts.get('/v1/me', await github.token())).status).toBe(200);
  });

  it('is of a workflow that the policy names, where it names some', async () => {
    const workflow = 'example/ci/.github/workflows/deploy.yml@refs/heads/main';
    const parts = gateway({ workflows: [workflow] });
    const { status, body } = await startedBy(parts, await github.token());
    expect(status).toBe(403);
    expect(body.error.message).toContain('example/shop/.github/workflows/deploy.yml@refs/heads/main releases no');
    expect((await startedBy(parts, await github.token({ job_workflow_ref: workflow }))).status).toBe(201);
  });

  it('has the environment at GitHub that the policy asks for', async () => {
    const parts = gateway({ environment: 'production' });
    expect((await startedBy(parts, await github.token())).status).toBe(403);
    expect((await startedBy(parts, await github.token({ environment: 'staging' }))).status).toBe(403);
    expect((await startedBy(parts, await github.token({ environment: 'production' }))).status).toBe(201);
  });

  it('has one release by a token, and the same one when it asks again, from whichever gateway', async () => {
    const [parts, elsewhere] = [gateway(), gateway()];
    const both = [...parts.policy.github!, ...elsewhere.policy.github!];
    parts.policy.github = elsewhere.policy.github = both;
    const token = await github.token();
    const asked = aStart(parts.service, { commit: sha });
    const answers = [await parts.post('/v1/releases', asked, token), await parts.post('/v1/releases', asked, token)];
    expect(answers.map(({ status }) => status)).toEqual([201, 200]);
    expect(answers[0]!.body.releaseId).toBe(answers[1]!.body.releaseId);
    for (const other of [startedBy(parts, token), startedBy(elsewhere, token)]) {
      const { status, body } = await other;
      expect([status, body.error.code]).toEqual([409, 'used-credential']);
    }
    expect(elsewhere.engine.started).toEqual([]);
  });

  describe('while the keys of GitHub cannot be read', () => {
    afterEach(() => github.comeBack());

    it('is not let in, and is told that nobody can tell', async () => {
      const token = await github.token();
      await github.goAway();
      const { status, body } = await startedBy(gateway(), token);
      expect([status, body.error.code]).toEqual([503, 'unavailable']);
      expect(body.error.message).toBe("the keys of GitHub's tokens cannot be read");
    });
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { githubDoor } from '../../../client/gateway/github-oidc.ts';
import { actor, audience, repository, sha, useGithubTokens } from '../../support/github-tokens.ts';
import { until } from '../../support/world-until.ts';
import { aStatus } from '../cli/builders.ts';
import { tokens, useGateway } from '../gateway/gateway.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { useStreams } from '../gateway/streams.ts';
import { useRunner } from './runner.ts';

const github = useGithubTokens();
const start = useGateway((pipeline) => [githubDoor({ issuer: github.issuer(), audience, pipeline, now: github.now })]);
const { listening } = useStreams();
const runner = useRunner();
beforeEach(() => {
  runner.token = (aud) => github.token({ aud });
});

/** The real gateway, which lets jobs of the repository release its service. */
async function gateway() {
  const parts = start();
  const { service } = parts;
  const events = ['push', 'workflow_dispatch'];
  parts.policy.github = [{ service, repository, events, environments: [{ name: 'production' }] }];
  const people = { 'shop-robot': { github: actor }, kim: { token: 'kim' } };
  parts.policy.people = { people, groups: { approvers: { members: ['kim'] } } };
  const url = `http://127.0.0.1:${await listening(parts)}`;
  return { parts, inputs: { gateway: url, service, audience } };
}

const idOf = ({ service }: TestGateway) => `release/${service}/production/${sha}/1`;

function saying({ engine }: TestGateway, status: Parameters<typeof aStatus>[0]) {
  engine.status = async (releaseId) => ({ ...aStatus(status), releaseId });
}

async function end({ engine, records }: TestGateway, id: string, outcome: string, summary = 'as it is') {
  engine.runs.set(id, { open: false, pending: [] });
  await records.attempts.conclude(id, { outcome, summary, endedAt: 9 });
}

describe('a step of a job', () => {
  it('starts the commit of the job as whoever has set it off, and ends at once', async () => {
    const { parts, inputs } = await gateway();
    const { exitCode, outputs, log, summary } = await runner.run(inputs);
    expect([exitCode, outputs]).toEqual([
      0,
      { release: idOf(parts), url: expect.stringMatching(/^http:\/\/pages\.test\/runs\//) },
    ]);
    expect(parts.engine.started).toMatchObject([
      { commit: sha, branch: 'main', requestedBy: { id: 'shop-robot', via: 'github' } },
    ]);
    expect(runner.audiences).toEqual([audience]);
    expect(log).toContain(`\nrelease: ${idOf(parts)}`);
    expect(summary).toContain('started');
  });

  it('has GitHub’s token masked before anything else is said, and shows it nowhere', async () => {
    const { inputs } = await gateway();
    const given: string[] = [];
    runner.token = async (aud) => given[given.push(await github.token({ aud })) - 1] ?? '';
    const { log, outputs, summary } = await runner.run(inputs);
    const [first, ...rest] = log.split('\n');
    expect(first).toBe(`::add-mask::${given[0]}`);
    expect([...rest, JSON.stringify(outputs), summary].join('\n')).not.toContain(given[0]);
  });

  it('gets the same release when the job is run again, and starts nothing new', async () => {
    const { parts, inputs } = await gateway();
    const first = await runner.run(inputs);
    const again = await runner.run({ ...inputs, wait: 'none' }, { GITHUB_RUN_ATTEMPT: '2' });
    expect(again.outputs['release']).toBe(first.outputs['release']);
    expect(again.log).toContain('it was there already; nothing new was started');
    expect(parts.engine.started).toHaveLength(1);
    await end(parts, idOf(parts), 'rejected', 'not today');
    const late = await runner.run({ ...inputs, wait: 'end' });
    expect([late.exitCode, late.outputs['outcome']]).toEqual([11, 'rejected']);
    expect(late.log).toContain('\nit has ended: rejected, not today');
    expect(late.log).toMatch(/::error title=Slipway::.*rejected, not today%0A.*`new-attempt: true`/);
    expect(late.summary).toMatch(/\*\*rejected\*\*: not today<br>it had ended before/);
  });

  it.each([
    ['verified', 0],
    ['rolled-back', 10],
    ['rejected', 11],
    ['halted', 15],
  ])('that waits for the end ends as the command does for %s', async (outcome, code) => {
    const { parts, inputs } = await gateway();
    saying(parts, { planHash: 'f'.repeat(64) });
    const step = await runner.begin({ ...inputs, wait: 'end' });
    await step.says('building core');
    await end(parts, idOf(parts), outcome);
    const { exitCode, outputs, log } = await step.ended;
    expect([exitCode, outputs['outcome'], outputs['plan']]).toEqual([code, outcome, 'f'.repeat(64)]);
    expect(log).toContain(`${outcome}: as it is`);
    expect(log).toContain('::group::deploying\n');
  });

  it('that waits for the gates ends when a person is waited for', async () => {
    const { parts, inputs } = await gateway();
    const hash = 'e'.repeat(64);
    saying(parts, { stage: 'checking' });
    const step = await runner.begin({ ...inputs, wait: 'gates' });
    await step.says('::group::checking');
    saying(parts, {
      stage: 'awaiting-approval',
      planHash: hash,
      waitingFor: { what: 'approval', who: 'one of release-managers' },
    });
    const { exitCode, outputs, summary } = await step.ended;
    expect([exitCode, outputs['plan'], outputs['outcome']]).toEqual([0, hash, undefined]);
    expect(summary).toContain('waits for approval by one of release-managers');
    expect(summary).toMatch(/\| core \| sha256&#58;a{64} \|/);
  });

  it.each([
    ['lines', (image: string) => `# of this run\ncore=${image}\n\n`],
    ['YAML', (image: string) => `core: "${image}"`],
  ])('starts what was built elsewhere, by its digests, as %s', async (_, written) => {
    const { parts, inputs } = await gateway();
    const core = `registry.test/shop/core@sha256:${'1'.repeat(64)}`;
    await runner.run({ ...inputs, images: written(core) });
    expect(parts.engine.started).toMatchObject([{ images: { core } }]);
  });

  it.each<[string, Record<string, unknown>, number, string, string]>([
    ['of another repository', { repository_id: '701' }, 3, 'GitHub repository 701', 'The operator adds'],
    ['of a time', { event_name: 'schedule' }, 3, 'a job that schedule has started', 'github.events'],
    [
      'of a pull request',
      { event_name: 'pull_request' },
      3,
      'a job that pull_request has started',
      'No policy lets it',
    ],
    ['of whom the policy does not know', { actor_id: '502' }, 3, 'the GitHub account 502', 'people'],
    ['made for somebody else', { aud: 'https://example.com' }, 3, 'it is made for https://example.com', 'audience'],
  ])('is refused with a token %s, and says what to do', async (_, claims, code, message, next) => {
    const { parts, inputs } = await gateway();
    runner.token = () => github.token(claims);
    const { exitCode, log, outputs } = await runner.run(inputs);
    expect(exitCode).toBe(code);
    const told = log.split('\n').find((line) => line.startsWith('::error title=Slipway::'));
    expect(told).toContain(message);
    expect(told?.split('%0A').at(-1)).toContain(next);
    expect([parts.engine.started, outputs]).toEqual([[], {}]);
  });

  it('tells a repository that may not release the service which number it has', async () => {
    const { inputs } = await gateway();
    const { exitCode, log } = await runner.run({ ...inputs, service: 'of-somebody-else' });
    expect(exitCode).toBe(2);
    expect(log).toContain('The operator lets the repository with the number 700 release it');
  });

  it('tells a job which environment of GitHub the policy may ask for', async () => {
    const { parts, inputs } = await gateway();
    const environments = [{ name: 'production', environment: 'live' }];
    parts.policy.github = [{ service: inputs.service, repository, events: ['push'], environments }];
    const { exitCode, log } = await runner.run(inputs);
    expect(exitCode).toBe(3);
    expect(log).toContain(`\`services.${inputs.service}.environments.E.github\``);
    expect(parts.engine.started).toEqual([]);
  });

  it('goes on with another token when GitHub has failed to make one', async () => {
    const { parts, inputs } = await gateway();
    runner.fails = 2;
    expect((await runner.run(inputs)).exitCode).toBe(0);
    expect(parts.engine.started).toHaveLength(1);
  });
});

describe('a job that is cancelled', () => {
  it('leaves its release alone, and says so', async () => {
    const { parts, inputs } = await gateway();
    saying(parts, {});
    const step = await runner.begin({ ...inputs, wait: 'end' });
    await step.says('building core');
    step.cancel();
    const { exitCode, log, outputs, summary } = await step.ended;
    expect([exitCode, outputs['release']]).toEqual([130, idOf(parts)]);
    expect(log).toContain('The job was cancelled: the release goes on.');
    expect(summary).toContain('The job was cancelled');
    expect(parts.engine.decided).toEqual([]);
  });

  it('has its release aborted by somebody who may, where it is to', async () => {
    const { parts, inputs } = await gateway();
    saying(parts, {});
    const abortToken = tokens.kim;
    const step = await runner.begin({ ...inputs, wait: 'end', 'on-cancel': 'abort', 'abort-token': abortToken });
    await step.says('building core');
    step.cancel();
    const { exitCode, log } = await step.ended;
    expect(exitCode).toBe(130);
    expect(parts.engine.decided).toMatchObject([
      { decision: { kind: 'abort', releaseId: idOf(parts), channel: 'github-action', by: { id: 'kim' } } },
    ]);
    expect(log).toContain('The job was cancelled: it was told to abort');
    expect(log).toContain('A job that is run again finds it.');
    expect(log).not.toContain('slipway abort');
    expect(log.replaceAll(`::add-mask::${abortToken}\n`, '')).not.toContain(abortToken);
  });

  it('says that its release may go on where it could not be aborted', async () => {
    const { parts, inputs } = await gateway();
    saying(parts, {});
    const inTheWay = { 'on-cancel': 'abort', 'abort-token': 'nobody-s-token' };
    const step = await runner.begin({ ...inputs, wait: 'end', ...inTheWay });
    await step.says('building core');
    step.cancel();
    const { exitCode, log } = await step.ended;
    expect(exitCode).toBe(130);
    expect(log).toContain('it could not be aborted: ');
    expect(parts.engine.decided).toEqual([]);
  });

  it('aborts what it has asked for also where it was not told yet what that is', async () => {
    const { parts, inputs } = await gateway();
    const begin = parts.engine.startRelease;
    let asked = 0;
    let answer = () => {};
    // The answer to the first one is late; whoever asks again gets one.
    parts.engine.startRelease = async (request) => {
      const started = await begin(request);
      if ((asked += 1) === 1) await new Promise<void>((resolve) => (answer = resolve));
      return started;
    };
    const step = await runner.begin({ ...inputs, 'on-cancel': 'abort', 'abort-token': tokens.kim });
    await until('the start', () => asked === 1);
    step.cancel();
    const { exitCode, log } = await step.ended;
    answer();
    expect(exitCode).toBe(130);
    expect(log).toContain('it was told to abort');
    expect(parts.engine.decided).toMatchObject([{ decision: { kind: 'abort', releaseId: idOf(parts) } }]);
  });
});

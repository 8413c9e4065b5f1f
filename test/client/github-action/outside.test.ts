import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { aRelease, aStatus, ended, image, noon } from '../cli/builders.ts';
import { startFakeGateway, token } from '../cli/fake-gateway.ts';
import type { Answer, FakeGateway } from '../cli/fake-gateway.ts';
import { useRunner } from './runner.ts';

const runner = useRunner();
let gateway: FakeGateway;
let release: ReleaseView;
let path: string;

beforeEach(async () => {
  gateway = await startFakeGateway();
  runner.token = () => token;
  release = aRelease();
  path = `/v1/releases/${encodeURIComponent(release.releaseId)}`;
  gateway.on('POST /v1/releases', { status: 201, body: { releaseId: release.releaseId, created: true } });
});
afterEach(() => gateway.close());

const step = (inputs: Record<string, string> = {}, env?: Record<string, string | undefined>) =>
  runner.run({ gateway: gateway.url, service: 'shop', ...inputs }, env);
const state = (id: string, view: ReleaseView) => `id: ${id}\nevent: release\ndata: ${JSON.stringify(view)}\n\n`;
const stream = (...events: string[]) => ({
  body: [': alive\n\n', ...events].join(''),
  headers: { 'content-type': 'text/event-stream; charset=utf-8' },
});
const errors = (log: string) => log.split('\n').filter((line) => line.startsWith('::error'));
const asked = (of: string) => gateway.seen.filter(({ path: at }) => at === of);

describe('a step', () => {
  it('is told of all inputs that are wrong at once, each with what to do, and asks nobody', async () => {
    const { exitCode, log, outputs } = await step(
      {
        gateway: 'http://slipway.example.com',
        service: 'Shop',
        environment: 'pro duction',
        images: 'core=registry.test/core:latest\nweb',
        commit: 'main',
        wait: 'always',
        'on-cancel': 'abort',
        downgrade: 'yes',
      },
      { GITHUB_REF: 'refs/tags/v1' },
    );
    expect(exitCode).toBe(2);
    expect(errors(log).map((line) => line.replace('::error title=Slipway%3A inputs::', ''))).toEqual([
      'gateway: http lets whoever is on the way read the token%0AGive the address of the gateway: `gateway: https://slipway.example.com`.',
      'environment: "pro duction" is no name%0AWrite it as slipway.yaml has it: lower-case letters, digits and dashes.',
      'images: "core=registry.test/core:latest" is not COMPONENT=IMAGE@sha256:…%0AOne on a line, pinned by its digest: tags move.',
      'images: "web" is not COMPONENT=IMAGE@sha256:…%0AOne on a line, pinned by its digest: tags move.',
      'wait: there is no "always"%0AWrite none or gates or end.',
      'on-cancel: abort needs the input `abort-token`%0AA job may start and look, and not decide: give a token of somebody who may, from a secret.',
      'service: "Shop" is no name%0AWrite it as slipway.yaml has it: lower-case letters, digits and dashes.',
      expect.stringContaining('this job runs on "refs/tags/v1", which is no branch'),
      expect.stringContaining('commit: "main" is not a full commit'),
      expect.stringContaining('downgrade: "yes" is neither true nor false'),
    ]);
    expect([gateway.seen, runner.audiences, outputs]).toEqual([[], [], {}]);
  });

  it('says which permission the job lacks where GitHub signs no token for it', async () => {
    const { exitCode, log } = await step({}, { ACTIONS_ID_TOKEN_REQUEST_URL: undefined });
    expect(exitCode).toBe(2);
    expect(errors(log).join()).toContain('permissions: { id-token: write, contents: read }');
  });

  it('ends with the code of what cannot be reached when GitHub gives no token', async () => {
    runner.fails = Infinity;
    const { exitCode, log } = await step();
    expect(exitCode).toBe(4);
    expect(errors(log).join()).toContain('GitHub was asked for a token of this job, and gave none: it answered 500');
    expect(gateway.seen).toEqual([]);
  });

  it('asks GitHub for a token for this gateway where no audience is named', async () => {
    await step();
    expect(runner.audiences).toEqual([gateway.url]);
  });

  it('asks for a release by the run and not by the attempt, so that a job that is run again finds it', async () => {
    await step({}, { GITHUB_RUN_ATTEMPT: '1' });
    await step({}, { GITHUB_RUN_ATTEMPT: '2' });
    const keys = asked('/v1/releases').map(({ body }) => body?.['requestKey']);
    expect(keys).toEqual(['github/700/4711', 'github/700/4711']);
  });

  it('finds the release whose answer was lost', async () => {
    const { releaseId } = release;
    gateway.on('POST /v1/releases', 'hang-up', { body: { releaseId, created: false } });
    const { exitCode, outputs } = await step();
    expect([exitCode, outputs['release']]).toEqual([0, releaseId]);
    const [first, second] = asked('/v1/releases');
    expect(second?.body).toEqual(first?.body);
  });

  it.each<[string, Answer, number, string, string]>([
    ['unreachable', 'hang-up', 4, 'cannot be reached', 'Check the input `gateway`'],
    [
      'no gateway',
      { body: '<p>Welcome</p>' },
      4,
      'not in the way a slipway gateway does',
      'is the address of a slipway',
    ],
    [
      'one that does not know the token',
      { status: 401, body: { error: { code: 'unauthenticated', message: 'this gateway does not know this token' } } },
      3,
      'does not know this token',
      'SLIPWAY_GITHUB_AUDIENCE',
    ],
    [
      'one that refuses',
      { status: 403, body: { error: { code: 'forbidden', message: 'not you', next: 'Ask the operator.' } } },
      3,
      'not you',
      'Ask the operator.',
    ],
    [
      'one that knows of something newer',
      { status: 409, body: { error: { code: 'older-commit', message: 'it is older', next: 'Use --downgrade.' } } },
      3,
      'it is older',
      '`downgrade: true`',
    ],
    [
      'one that is asked too often',
      { status: 429, body: { error: { code: 'too-many-requests', message: 'too often' } } },
      4,
      'too often',
      'Run the job again in a minute.',
    ],
  ])('ends with what to do when the gateway is %s', async (_, answer, code, message, next) => {
    gateway.on('POST /v1/releases', answer);
    const { exitCode, log, outputs } = await step({ wait: 'end' });
    expect([exitCode, outputs]).toEqual([code, {}]);
    const [told, ...more] = errors(log);
    expect([told, more]).toEqual([expect.stringContaining(message), []]);
    expect(told).toContain(next);
  });

  it('shows what is wrong with slipway.yaml at its line', async () => {
    const problems = [{ file: 'slipway.yaml', line: 7, column: 3, message: 'no such key', hint: 'regions' }];
    gateway.on('POST /v1/releases', {
      status: 422,
      body: { error: { code: 'SLIP-CFG-1', message: 'slipway.yaml has 1 problem', problems } },
    });
    const { exitCode, log } = await step();
    expect(exitCode).toBe(3);
    expect(errors(log)).toContain('::error file=slipway.yaml,line=7,col=3,title=Slipway::no such key (regions)');
  });

  it('says that what was verified is there no more, and does not take it for a success', async () => {
    const was = { outcome: 'verified', noMore: ['eu-west: core is of another release'] };
    gateway.on('POST /v1/releases', { body: { releaseId: release.releaseId, created: false, ended: was } });
    const { exitCode, log } = await step();
    expect(exitCode).toBe(3);
    expect(errors(log).join()).toContain('new-attempt: true');
  });

  it('does not take for a failure what was verified before, and says that nothing was started', async () => {
    const was = { outcome: 'verified', summary: 'in all regions' };
    gateway.on('POST /v1/releases', { body: { releaseId: release.releaseId, created: false, ended: was } });
    const { exitCode, log, summary } = await step({ wait: 'end' });
    expect([exitCode, errors(log)]).toEqual([0, []]);
    expect(summary).toContain('**verified**: in all regions<br>it had ended before; nothing was started');
  });

  it('goes on where it was when the stream is cut', async () => {
    const later = { ...release, status: aStatus({ log: [{ at: noon, line: 'core is built' }] }) };
    gateway.on(
      `GET ${path}/events`,
      { ...stream(state('1', release), state('2', later)), breaks: true },
      'hang-up',
      stream(state('3', ended(release, 'verified'))),
    );
    const { exitCode, log, outputs } = await step({ wait: 'end' });
    expect(asked(`${path}/events`).map(({ lastEventId }) => lastEventId)).toEqual([undefined, '2', '2']);
    expect([exitCode, outputs['outcome']]).toEqual([0, 'verified']);
    expect(log.match(/core is built/g)).toHaveLength(1);
    expect(asked(path)).toEqual([]);
  });

  it('tells what failed on top of the run, and on its page', async () => {
    const failure = {
      ...{ code: 'SLIP-K8S-1', title: 'a pod does not start', detail: 'core crashes', next: 'Look at its log.' },
      ...{ kind: 'terminal', cause: 'the image' },
    } as unknown as NonNullable<ReturnType<typeof aStatus>['failure']>;
    const end = ended({ ...release, status: aStatus({ failure }) }, 'rolled-back');
    gateway.on(`GET ${path}/events`, stream(state('1', end)));
    const { exitCode, log, summary } = await step({ wait: 'end' });
    expect(exitCode).toBe(10);
    expect(errors(log)).toEqual(['::error title=SLIP-K8S-1 a pod does not start::core crashes%0ALook at its log.']);
    expect(summary).toContain('core crashes');
    expect(summary).toContain(`| eu&#45;west | core | sha256&#58;${'a'.repeat(64)} |`.replace('&#45;', '-'));
  });
});

describe('what strangers have written', () => {
  const hostile = [
    '::add-mask::verified',
    '  ::set-output name=release::theirs',
    'see ##[add-path]/tmp',
    'two\n::error::lines\r::warning::and more',
    '<img src=x onerror=1> [click](javascript:1) | @everyone `` ` **b**',
    'release<<end\ntheirs\nend',
  ];

  it.each(hostile)('gives the runner no command and the page no Markdown: %j', async (text) => {
    const region = {
      region: 'eu-west',
      phase: 'failed',
      components: [{ component: text, image: image('a'), phase: 'failed', note: text }],
    };
    const failure = { code: 'SLIP-K8S-1', title: text, detail: text, next: text, kind: 'terminal', cause: text };
    const status = aStatus({
      log: [{ at: noon, line: text }],
      regions: [region],
      failure,
    } as unknown as Parameters<typeof aStatus>[0]);
    const end = ended({ ...release, status, commit: release.commit, branch: text }, 'halted', { summary: text });
    gateway.on(`GET ${path}/events`, stream(state('1', { ...release, status }), state('2', end)));
    const { log, summary, outputs } = await step({ wait: 'end' });
    const commands = log.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    const own = /^::(?:add-mask::a-token|group::deploying$|endgroup::$|error title=SLIP-K8S-1 )/;
    expect(commands.filter((line) => !own.test(line))).toEqual([]);
    expect(summary).not.toMatch(
      /<(?!br>|a href="http:\/\/127\.0\.0\.1:\d+\/v1\/releases\/[\w%-]+">|\/a>)|\]\(|@everyone|`/,
    );
    expect(Object.keys(outputs).sort()).toEqual(['outcome', 'release', 'url']);
    expect(outputs['release']).toBe(release.releaseId);
  });

  it('is cut where it is longer than anybody reads', async () => {
    const text = 'x'.repeat(200_000);
    const components = Array.from({ length: 400 }, (_, n) => ({
      component: `c${n}`,
      image: image('a'),
      phase: 'deployed' as const,
      note: text.slice(0, 2_000),
    }));
    const status = aStatus({
      regions: [{ region: text, phase: 'deployed', components }],
      log: [{ at: noon, line: text }],
    });
    gateway.on(
      `GET ${path}/events`,
      stream(
        state('1', { ...release, status }),
        state('2', ended({ ...release, status }, 'verified', { summary: text })),
      ),
    );
    const { exitCode, log, summary } = await step({ wait: 'end' });
    expect(exitCode).toBe(0);
    expect(Math.max(...log.split('\n').map(({ length }) => length))).toBeLessThan(5_000);
    expect(summary.length).toBeLessThan(200_000);
    expect(summary).toContain('… and 200 more');
  });
});

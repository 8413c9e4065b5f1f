import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { githubDoor } from '../../client/gateway/github-oidc.ts';
import { ensureAct } from '../../lab/tools/act.ts';
import { ensureActionlint } from '../../lab/tools/actionlint.ts';
import { useGateway } from '../client/gateway/gateway.ts';
import { useStreams } from '../client/gateway/streams.ts';
import { useRunner } from '../client/github-action/runner.ts';
import { actor, repository, useGithubTokens } from '../support/github-tokens.ts';
import { patience } from '../support/world-until.ts';

const root = join(import.meta.dirname, '../..');
const workflows = 'examples/saleor/.github/workflows';
/** As the example names it. */
const placeholder = `example/slipway@${'0'.repeat(40)}`;
const say = (line: string) => console.log(line);
const git = (cwd: string, ...args: string[]) =>
  execa('git', ['-c', 'user.name=anna', '-c', 'user.email=anna@example.test', ...args], { cwd });

let folder: string;
let programs: { act: string; actionlint: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-workflows-test-'));
  programs = { actionlint: await ensureActionlint(say), act: await ensureAct(say) };
}, patience.preparation);
afterAll(() => rm(folder, { recursive: true }));

/** The repository of a service, with the workflows of the example; `change` is made to each. */
async function aRepository(change: (text: string) => string = (text) => text): Promise<{ cwd: string; sha: string }> {
  const cwd = await mkdtemp(join(folder, 'service-'));
  await mkdir(join(cwd, '.github/workflows'), { recursive: true });
  for (const name of await readdir(join(root, workflows)))
    await writeFile(join(cwd, '.github/workflows', name), change(await readFile(join(root, workflows, name), 'utf8')));
  await git(cwd, 'init', '--quiet', '--initial-branch=main');
  await git(cwd, 'remote', 'add', 'origin', 'https://github.com/example/shop.git');
  await git(cwd, 'add', '.');
  await git(cwd, 'commit', '--quiet', '--message=Workflows');
  return { cwd, sha: (await git(cwd, 'rev-parse', 'HEAD')).stdout };
}

describe('workflows', () => {
  it('of the example are taken by actionlint, and name inputs and outputs that the action has', async () => {
    const { cwd } = await aRepository((text) => text.replace(placeholder, './slipway'));
    await mkdir(join(cwd, 'slipway/client/github-action/dist'), { recursive: true });
    for (const file of ['action.yml', 'client/github-action/dist/index.js'])
      await cp(join(root, file), join(cwd, 'slipway', file));
    const { exitCode, all } = await execa(programs.actionlint, ['-no-color'], { cwd, reject: false, all: true });
    expect([exitCode, all]).toEqual([0, '']);
  });

  it('of this repository are taken by actionlint', async () => {
    const files = (await readdir(join(root, '.github/workflows'))).map((name) => join('.github/workflows', name));
    const { exitCode, all } = await execa(programs.actionlint, ['-no-color', ...files], {
      cwd: root,
      reject: false,
      all: true,
    });
    expect([files.length > 0, exitCode, all]).toEqual([true, 0, '']);
  });

  it('that others call let nobody choose which gateway is sent the token, or for whom it is made', async () => {
    const { cwd } = await aRepository((text) => text);
    const called = await readFile(join(cwd, '.github/workflows/slipway-release.yml'), 'utf8');
    expect(called).toContain('gateway: https://slipway.example.com\n');
    expect(called).not.toMatch(/vars\.|inputs\.(gateway|audience)/);
  });

  it('that are wrong are not taken', async () => {
    const { cwd } = await aRepository((text) => text.replace('id-token: write', 'id-tokens: write'));
    const { exitCode, stdout } = await execa(programs.actionlint, ['-no-color'], { cwd, reject: false });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('id-tokens');
  });
});

describe('a runner of GitHub Actions', () => {
  const audience = 'https://slipway.test';
  const github = useGithubTokens();
  const start = useGateway((pipeline) => [
    githubDoor({ issuer: github.issuer(), audience, pipeline, now: github.now }),
  ]);
  const { listening } = useStreams();
  const runner = useRunner();

  it('that runs the workflow of production starts the release of its commit', async () => {
    const parts = start();
    const { service } = parts;
    const url = `http://127.0.0.1:${await listening(parts)}`;
    const { cwd, sha } = await aRepository((text) =>
      text
        .replace('service: saleor', `service: ${service}`)
        .replace('wait: gates', 'wait: none')
        .replace('gateway: https://slipway.example.com', `gateway: ${url}\n          audience: ${audience}`),
    );
    parts.policy.github = [{ service, repository, events: ['push'], environments: [{ name: 'production' }] }];
    parts.policy.people = { people: { 'shop-robot': { github: actor } }, groups: {} };
    runner.token = (aud) => github.token({ aud, sha });
    const home = await mkdtemp(join(folder, 'home-'));
    const env = { ...runner.tokens(), GITHUB_REPOSITORY_ID: String(repository) };
    const { exitCode, all } = await execa(
      programs.act,
      [
        ...['push', '--workflows', '.github/workflows/production.yml', '--platform', 'ubuntu-24.04=-self-hosted'],
        ...['--local-repository', `${placeholder}=${root}`, '--no-cache-server'],
        ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ],
      {
        cwd,
        // The first Node that is found runs what says `node24`.
        env: {
          PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
          HOME: home,
          XDG_CACHE_HOME: home,
        },
        extendEnv: false,
        reject: false,
        all: true,
      },
    );
    expect({ exitCode, all }).toMatchObject({ exitCode: 0, all: expect.stringContaining('Job succeeded') });
    expect(parts.engine.started).toMatchObject([
      { service, environment: 'production', branch: 'main', commit: sha, requestedBy: { id: 'shop-robot' } },
    ]);
    expect(runner.audiences).toEqual([audience]);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { execa } from 'execa';
import { until } from '../../support/world-until.ts';

const bundle = join(import.meta.dirname, '../../../client/github-action/dist/index.js');
/** By which the runner knows the job that asks it for a token. */
const secret = 'request-token-of-the-job';

export interface RanStep {
  exitCode: number | undefined;
  log: string;
  /** By name, as a later step reads them. */
  outputs: Record<string, string>;
  summary: string;
}

export interface RunningStep {
  ended: Promise<RanStep>;
  /** Until this is in its log. */
  says(text: string): Promise<unknown>;
  /** As GitHub does when somebody cancels the run. */
  cancel(): void;
}

export interface StepRunner {
  begin(inputs: Record<string, string>, env?: Record<string, string | undefined>): Promise<RunningStep>;
  run(inputs: Record<string, string>, env?: Record<string, string | undefined>): Promise<RanStep>;
  /** By which a job asks for its token: for a runner that is not this one. */
  tokens(): Record<string, string>;
  /** For whom tokens were asked for. */
  audiences: string[];
  /** What is answered to whoever asks for a token; 500 in its place. */
  token: (audience: string) => Promise<string> | string;
  /** So many times it answers 500 first. */
  fails: number;
}

/** A runner of GitHub Actions, as far as a step of its own knows one: the committed file, in an environment that has nothing else. */
export function useRunner(): StepRunner {
  let folder = '';
  const ends: (() => void)[] = [];
  const tokensOf = () => whereTokensAre((tokens.address() as AddressInfo).port);
  const runner: StepRunner = { begin, run, tokens: tokensOf, audiences: [], token: () => 'nobody', fails: 0 };
  const tokens = createServer((request, response) => {
    const audience = new URL(request.url!, 'http://runner').searchParams.get('audience') ?? '';
    const answer = async () => {
      if (request.headers.authorization !== `Bearer ${secret}`) return response.writeHead(401).end();
      runner.audiences.push(audience);
      if (runner.fails-- > 0) return response.writeHead(500).end();
      return response.end(JSON.stringify({ value: await runner.token(audience) }));
    };
    void answer();
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-github-action-test-'));
    await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    Object.assign(runner, { audiences: [], fails: 0 });
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      tokens.close(resolve);
      tokens.closeAllConnections();
    });
    await rm(folder, { recursive: true });
  });

  async function begin(inputs: Record<string, string>, env: Record<string, string | undefined> = {}) {
    const own = await mkdtemp(join(folder, 'step-'));
    const [output, summary] = [join(own, 'output'), join(own, 'summary')];
    for (const file of [output, summary]) await writeFile(file, '');
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const child = execa(process.execPath, [bundle], {
      cwd: own,
      extendEnv: false,
      env: {
        ...job,
        ...tokensOf(),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        ...(Object.fromEntries(given) as Record<string, string>),
        ...env,
      },
      stdin: 'ignore',
      reject: false,
      all: true,
    });
    ends.push(() => void child.kill('SIGKILL'));
    let log = '';
    child.all.on('data', (chunk: Buffer) => (log += chunk.toString()));
    return {
      ended: child.then(async ({ exitCode, all }) => ({
        exitCode,
        log: all,
        outputs: outputsIn(await readFile(output, 'utf8')),
        summary: await readFile(summary, 'utf8'),
      })),
      says: (text: string) =>
        until(
          `"${text}" in the log`,
          () => log.includes(text),
          () => log,
        ),
      cancel: () => void child.kill('SIGINT'),
    };
  }

  async function run(inputs: Record<string, string>, env?: Record<string, string | undefined>) {
    return (await begin(inputs, env)).ended;
  }

  return runner;
}

const job = {
  GITHUB_ACTIONS: 'true',
  CI: 'true',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REPOSITORY_ID: '700',
  GITHUB_RUN_ID: '4711',
};

function whereTokensAre(port: number): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
  };
}

/** As the runner reads the file: a name, what ends the value, and the value until that line. */
function outputsIn(text: string): Record<string, string> {
  const found = [...text.matchAll(/^(\w+)<<(\S+)\n([^]*?)\n\2\n/gm)];
  return Object.fromEntries(found.map(([, name = '', , value = '']): [string, string] => [name, value]));
}

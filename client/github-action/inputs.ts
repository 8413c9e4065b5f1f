import type { StartRelease } from '../../domain/contract/gateway.ts';
import { isPinnedImage } from '../../domain/images.ts';
import { head } from '../../domain/whole-text.ts';

type Env = Record<string, string | undefined>;

export interface Inputs {
  /** Without a slash at its end. */
  gateway: string;
  /** For whom GitHub is asked to make the token. */
  audience: string;
  request: StartRelease;
  wait: Wait;
  onCancel: OnCancel;
  /** Somebody's who may abort: the job itself may not. */
  abortToken?: string;
}

const waits = ['none', 'gates', 'end'] as const;
export type Wait = (typeof waits)[number];
const onCancels = ['detach', 'abort'] as const;
export type OnCancel = (typeof onCancels)[number];

/** Something that is not as it must be, and what to do about it. */
export interface Problem {
  what: string;
  next: string;
}

/** All inputs, or all that is wrong with them: nobody should have to run a job for each. */
export function readInputs(env: Env): Inputs | Problem[] {
  const problems: Problem[] = [];
  const checked = <Value>(read: () => Value): Value => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof NotAsItMustBe)) throw error;
      problems.push(...error.problems);
      // Nobody sees it: there are problems.
      return undefined as Value;
    }
  };
  const gateway = checked(() => gatewayIn(env));
  const environment = checked(() => nameIn(env, 'environment'));
  const images = checked(() => imagesIn(env));
  const wait = checked(() => oneOf(env, 'wait', waits));
  const onCancel = checked(() => oneOf(env, 'on-cancel', onCancels));
  const abortToken = checked(() => abortTokenIn(env, onCancel));
  const inputs = {
    gateway,
    audience: checked(() => audienceIn(env, gateway)),
    request: {
      service: checked(() => serviceIn(env)),
      branch: checked(() => branchIn(env)),
      commit: checked(() => commitIn(env)),
      requestKey: checked(() => requestKeyIn(env)),
      ...(environment !== undefined && { environment }),
      ...(images !== undefined && { images }),
      ...(checked(() => flagIn(env, 'downgrade')) && { downgrade: true }),
      ...(checked(() => flagIn(env, 'new-attempt')) && { newAttempt: true }),
    },
    wait,
    onCancel,
    ...(abortToken !== undefined && { abortToken }),
  };
  return problems.length > 0 ? problems : inputs;
}

class NotAsItMustBe extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems.map(({ what }) => what).join('; '));
    this.problems = problems;
  }
}

function wrong(what: string, next: string): NotAsItMustBe {
  return new NotAsItMustBe([{ what, next }]);
}

/** As the runner hands it on; undefined where nothing was given. */
function input(env: Env, name: string): string | undefined {
  return env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
}

/** What was given, so that it can be found. */
function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${head(text, 100)}…` : text);
}

const longestText = 2_000;

function gatewayIn(env: Env): string {
  const text = input(env, 'gateway');
  const next = 'Give the address of the gateway: `gateway: https://slipway.example.com`.';
  if (text === undefined) throw wrong('the input `gateway` is missing', next);
  const url = text.length > longestText ? null : URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong(`gateway: ${shown(text)} is no https address`, next);
  if (url.username || url.password) throw wrong('gateway: the address must not hold credentials', next);
  if (url.protocol === 'http:' && !loopback.has(url.hostname))
    throw wrong('gateway: http lets whoever is on the way read the token', next);
  return `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

function audienceIn(env: Env, gateway: string | undefined): string {
  const text = input(env, 'audience') ?? gateway ?? '';
  if (text.length <= longestText && /^\P{Cc}*$/u.test(text)) return text;
  throw wrong(`audience: ${shown(text)} is no audience`, 'Give what SLIPWAY_GITHUB_AUDIENCE of the gateway is.');
}

function serviceIn(env: Env): string {
  const service = nameIn(env, 'service');
  if (service === undefined) throw wrong('the input `service` is missing', 'Name what is released: `service: shop`.');
  return service;
}

function nameIn(env: Env, name: string): string | undefined {
  const text = input(env, name);
  if (text === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw wrong(
    `${name}: ${shown(text)} is no name`,
    'Write it as slipway.yaml has it: lower-case letters, digits and dashes.',
  );
}

/** The token of a job is good for its own branch alone: there is no input for another. */
function branchIn(env: Env): string {
  const ref = env['GITHUB_REF'] ?? '';
  const branch = /^refs\/heads\/(\P{Cc}{1,255})$/u.exec(ref)?.[1];
  if (branch !== undefined) return branch;
  throw wrong(
    `this job runs on ${ref === '' ? 'no ref' : shown(ref)}, which is no branch`,
    'Let the workflow run on pushes to the branch (`on: { push: { branches: [main] } }`), or by hand on it.',
  );
}

function commitIn(env: Env): string {
  const text = input(env, 'commit') ?? env['GITHUB_SHA'] ?? '';
  if (/^[0-9a-f]{40}$/.test(text)) return text;
  throw wrong(
    `commit: ${shown(text)} is not a full commit`,
    'Leave it out, or give all 40 hexadecimal characters of it.',
  );
}

/** A job that is run again asks for what it has asked for before, and gets the same release. */
function requestKeyIn(env: Env): string {
  const [repository, run] = [env['GITHUB_REPOSITORY_ID'] ?? '', env['GITHUB_RUN_ID'] ?? ''];
  if (/^\d{1,20}$/.test(repository) && /^\d{1,20}$/.test(run)) return `github/${repository}/${run}`;
  throw wrong(
    'GITHUB_REPOSITORY_ID and GITHUB_RUN_ID do not name a run of GitHub Actions',
    'Use it as a step of a workflow; elsewhere use the command `slipway deploy`.',
  );
}

const mostImages = 200;

/** `core=IMAGE` or, as YAML has it, `core: IMAGE`: one on a line. */
function imagesIn(env: Env): Record<string, string> | undefined {
  const lines = (input(env, 'images') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) return undefined;
  if (lines.length > mostImages) throw wrong(`images: there are ${lines.length}`, `Name at most ${mostImages}.`);
  const images = new Map<string, string>();
  const problems: Problem[] = [];
  for (const line of lines) {
    const [, component, image = ''] = /^([a-z0-9-]{1,63})(?:=|: +)(\S+)$/.exec(line) ?? [];
    const pinned = image.replace(/^(["'])(.*)\1$/, '$2');
    if (component === undefined || !isPinnedImage(pinned))
      problems.push({
        what: `images: ${shown(line)} is not COMPONENT=IMAGE@sha256:…`,
        next: 'One on a line, pinned by its digest: tags move.',
      });
    else if (images.has(component))
      problems.push({ what: `images: ${component} is there twice`, next: 'Name each component once.' });
    else images.set(component, pinned);
  }
  if (problems.length > 0) throw new NotAsItMustBe(problems);
  return Object.fromEntries(images);
}

function flagIn(env: Env, name: string): boolean {
  const text = input(env, name) ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw wrong(`${name}: ${shown(text)} is neither true nor false`, `Write \`${name}: true\`, or leave it out.`);
}

function oneOf<Value extends string>(env: Env, name: string, values: readonly [Value, ...Value[]]): Value {
  const text = input(env, name);
  if (text === undefined) return values[0];
  const known = values.find((value) => value === text);
  if (known === undefined) throw wrong(`${name}: there is no ${shown(text)}`, `Write ${values.join(' or ')}.`);
  return known;
}

function abortTokenIn(env: Env, onCancel: OnCancel | undefined): string | undefined {
  const text = input(env, 'abort-token');
  if (text === undefined && onCancel === 'abort')
    throw wrong(
      'on-cancel: abort needs the input `abort-token`',
      'A job may start and look, and not decide: give a token of somebody who may, from a secret.',
    );
  if (text === undefined || (text.length <= longestText && /^[\x21-\x7e]+$/.test(text))) return text;
  // Never shown.
  throw wrong('abort-token: this is no token', 'Give it as it was made, from a secret.');
}

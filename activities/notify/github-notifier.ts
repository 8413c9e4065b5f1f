import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { pageOfRun } from '../../domain/page-address.ts';
import type { Resolve } from '../shared/outward.ts';
import { askGithub, type GithubApi, type GithubRequest } from './github-api.ts';
import { createGithubTokens, type GithubLogin } from './github-login.ts';
import { checkOutputOf, descriptionOf, mayFollow, placeOf, shownBy, type Placed, type Shown } from './github-words.ts';
import { knownOrRefused } from './known-or-refused.ts';
import { oncePerKey } from './once-per-key.ts';
import type { Notification, Notifier } from './port.ts';

export interface GithubAddress {
  login: GithubLogin;
  /** Of the API, as the operator's policy names it: GitHub Enterprise Server. */
  url?: string;
  /** What the id of a run is appended to, for whoever follows the link. */
  page?: string | undefined;
  /** Of the gateway as browsers have it: where it leads without that. */
  pages?: string | undefined;
}

/** What a run is about. */
export interface ReleasedCommit {
  /** Workflow id of the release: of a rollback the one that it takes back. */
  release: string;
  /** Where the repository is. */
  host: string;
  /** `owner/name`. */
  repository: string;
  commit: string;
  /** A rollback of some of its regions: in others it stands. */
  isPartly?: true;
  placed?: Placed;
}

export interface GithubOptions {
  /** Asked for each message. */
  addressNow: () => Promise<GithubAddress>;
  /** By the records and the policy. Throws SLIP-NTF-4 for one whose repository is not at GitHub by the policy here. */
  releaseOf: (run: string) => Promise<ReleasedCommit>;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve;
  now?: () => number;
}

const githubItself = 'https://api.github.com';
const task = 'slipway';

/**
 * One deployment and one check for each release, on its commit: looked for before they are made, and set right where they differ. Each is found
 * again by the id of the run, so that what is sent twice, by whomever, is one. Throws what `askGithub` does, and SLIP-NTF-3 (terminal: no login).
 */
export function createGithubNotifier({ addressNow, releaseOf, resolve, now = Date.now }: GithubOptions): Notifier {
  const tokens = createGithubTokens(now);
  return oncePerKey(async (notification) => {
    const shown = shownBy(notification);
    const place = placeOf(notification.run);
    if (!shown || place === undefined) return;
    const about = await releaseOf(notification.run);
    if (about.isPartly) return;
    const { login, url, page, pages } = await knownOrRefused(addressNow());
    // A repository of the same name elsewhere is another one.
    if (url === undefined && about.host !== 'github.com')
      // Another worker may have a newer policy.
      throw failure('SLIP-NTF-4', `the repository is at ${about.host}: name the API there as \`url\` of the target`);
    const api: GithubApi = { base: (url ?? githubItself).replace(/\/$/, ''), isNamed: url !== undefined, resolve };
    const { token, isKept } = await tokens.of(login, api, about.repository);
    const link = linkOf({ page, pages }, about);
    const telling = { notification, about, place, shown, link };
    const ask: Ask = (request) =>
      askGithub(api, { ...request, path: `/repos/${about.repository}${request.path}`, token });
    try {
      await showDeployment(ask, telling);
      // Checks are written by apps alone.
      if ('app' in login) await showCheck(ask, telling);
    } catch (error) {
      if (!isKept || !isRefusal(error)) throw error;
      // It may have been taken back, or have had other rights when it was made: the next try has a new one.
      tokens.forget(token);
      throw failure('SLIP-NTF-1', `with a token of before: ${error.details.detail}`);
    }
  });
}

function linkOf({ page, pages }: Pick<GithubAddress, 'page' | 'pages'>, { release }: ReleasedCommit) {
  if (page !== undefined) return `${page}${encodeURIComponent(release)}`;
  return pages === undefined ? undefined : pageOfRun(pages, release);
}

function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && error.details.code === 'SLIP-NTF-2';
}

type Ask = (request: Omit<GithubRequest, 'token'>) => Promise<unknown>;

interface Telling {
  notification: Notification;
  about: ReleasedCommit;
  place: string;
  shown: Shown;
  link: string | undefined;
}

const id = z.number().int().positive();
const deployments = z.array(z.object({ id, payload: z.unknown() })).max(100);
const statuses = z.array(z.object({ state: z.string().max(100), description: z.string().nullish() })).max(100);
const checks = z.object({
  check_runs: z.array(z.object({ id, external_id: z.string().nullish(), status: z.string().max(100) })).max(100),
});

async function showDeployment(ask: Ask, telling: Telling): Promise<void> {
  const { notification, shown, link } = telling;
  const deployment = await deploymentOf(ask, telling);
  if (deployment === undefined) return;
  const path = `/deployments/${deployment}/statuses`;
  const [last] = read(statuses, await ask({ method: 'GET', path: `${path}?per_page=1` }));
  const description = descriptionOf(notification);
  if (last?.state === shown.state && last.description === description) return;
  if (!mayFollow(last?.state, shown.state)) return;
  await ask({
    method: 'POST',
    path,
    body: { state: shown.state, description, ...(link !== undefined && { log_url: link }) },
  });
}

/** The oldest of the release's: of two that were made at once everybody takes the same. None is made for what is over and changed nothing. */
async function deploymentOf(ask: Ask, telling: Telling): Promise<number | undefined> {
  const { about, place, shown } = telling;
  const known = await knownDeployment(ask, telling);
  // One that was taken back has one, too: what comes late of its own end cannot say then that it stands.
  const isOwn = telling.notification.run === about.release;
  if (known !== undefined || (shown.state === 'inactive' && isOwn)) return known;
  const made = await ask({
    method: 'POST',
    path: '/deployments',
    body: {
      ref: about.commit,
      task,
      auto_merge: false,
      required_contexts: [],
      environment: place,
      payload: { release: about.release },
      description: about.release.slice(0, 140),
    },
  });
  return (await knownDeployment(ask, telling)) ?? read(z.object({ id }), made).id;
}

async function knownDeployment(ask: Ask, { about, place }: Telling): Promise<number | undefined> {
  const query = new URLSearchParams({ sha: about.commit, task, environment: place, per_page: '100' });
  const found = read(deployments, await ask({ method: 'GET', path: `/deployments?${query.toString()}` }));
  const own = found.filter(({ payload }) => releaseIn(payload) === about.release);
  return own.map((one) => one.id).sort((one, other) => one - other)[0];
}

/** An object, or its JSON where it was written as text. */
function releaseIn(payload: unknown): string | undefined {
  const known = z.object({ release: z.string() });
  if (typeof payload !== 'string') return known.safeParse(payload).data?.release;
  try {
    return known.safeParse(JSON.parse(payload)).data?.release;
  } catch {
    return undefined;
  }
}

async function showCheck(ask: Ask, { notification, about, place, shown, link }: Telling): Promise<void> {
  if (!shown.check) return;
  const name = `slipway: ${place}`;
  const query = new URLSearchParams({ check_name: name, filter: 'all', per_page: '100' });
  const found = read(
    checks,
    await ask({ method: 'GET', path: `/commits/${about.commit}/check-runs?${query.toString()}` }),
  );
  const own = found.check_runs.filter(({ external_id: external }) => external === about.release);
  const [known] = own.sort((one, other) => one.id - other.id);
  const isOver = known?.status === 'completed';
  if (isOver && shown.check.status !== 'completed') return;
  const body = {
    name,
    external_id: about.release,
    ...shown.check,
    ...(link !== undefined && { details_url: link }),
    output: checkOutputOf(notification, about.placed),
  };
  if (known) await ask({ method: 'PATCH', path: `/check-runs/${known.id}`, body });
  else await ask({ method: 'POST', path: '/check-runs', body: { ...body, head_sha: about.commit } });
}

/** Throws SLIP-NTF-1 (retryable) for what is not as documented: what is found by it may be missed. */
function read<Known>(schema: z.ZodType<Known>, answer: unknown): Known {
  const known = schema.safeParse(answer);
  if (known.success) return known.data;
  throw failure('SLIP-NTF-1', 'what GitHub answered is not as documented');
}

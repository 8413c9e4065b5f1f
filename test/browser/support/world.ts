import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { createGatewayClient } from '../../../client/cli/gateway-client.ts';
import type { GatewayClient } from '../../../client/cli/gateway-client.ts';
import { processIo } from '../../../client/cli/io.ts';
import { pushReadyImages } from '../../../lab/demo/ready-images.ts';
import { startSandboxRegions } from '../../../lab/sandbox-regions.ts';
import type { SandboxRegions } from '../../../lab/sandbox-regions.ts';
import { shop, shopComponents } from '../../../lab/shop/pipeline-file.ts';
import { freePort } from '../../../lab/services/starting.ts';
import { startEngine, startServices } from '../../../lab/world.ts';
import type { LabEngine } from '../../../lab/world.ts';
import { until } from '../../support/world-until.ts';
import { startLogin } from './login.ts';
import type { Login } from './login.ts';

/** An installation whose shop holds where a region fails, so that somebody has to decide on a page. */
export interface World {
  engine: LabEngine;
  regions: SandboxRegions;
  login: Login;
  /** Who asks, and who decides. */
  requester: GatewayClient;
  approver: GatewayClient;
  /** A commit that runs everywhere, and one whose storefront does not start in nl. */
  commits: { good: string; failing: string };
  start(commit: string): Promise<string>;
  approve(releaseId: string): Promise<void>;
  untilEnded(releaseId: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(progress: (line: string) => void = () => undefined): Promise<World> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-pages-'));
    stops.push(() => rm(directory, { recursive: true, force: true }));
    await execa('chmod', ['755', directory]); // PostgreSQL runs as another account
    const services = await startServices({ directory, progress });
    stops.push(() => services.stop());
    const base = `${services.registry.host}/none`; // nothing is built here
    const regions = await startSandboxRegions({ directory, services, base, tests: false, bake: '0s' });
    stops.push(() => regions.stop());
    const failing = await holdsWhereItFails(regions.repository);
    const port = await freePort();
    const login = await startLogin();
    stops.push(() => login.stop());
    const engine = await startEngine({
      ...{ directory, services, regions: regions.regions, repository: regions.repository, progress, port },
      gates: { images: false, secrets: false, tests: false },
      environment: {
        SLIPWAY_OIDC_ISSUER: login.issuer,
        SLIPWAY_OIDC_CLIENT_ID: 'slipway-pages',
        SLIPWAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
      },
    });
    stops.push(() => engine.stop());
    await knowByLogin(engine.environment['SLIPWAY_POLICY_FILE']!);
    const clientOf = (token: string) =>
      createGatewayClient({ url: engine.gatewayUrl, token, io: processIo(new AbortController().signal) });
    const [requester, approver] = [clientOf(engine.tokens.requester), clientOf(engine.tokens.approver)];
    const start = async (commit: string) => {
      const { repository } = regions;
      const registry = services.registry.host;
      const images = await pushReadyImages({ directory, registry, repository, commit, components: shopComponents });
      const { service, branch } = shop;
      const { releaseId } = await requester.start({ service, branch, commit, images, requestKey: `pages-${commit}` });
      return releaseId;
    };
    const planOf = (releaseId: string) =>
      until('a plan to approve', async () => {
        const { status } = await approver.release(releaseId);
        return status?.stage === 'awaiting-approval' ? status.planHash : undefined;
      });
    return {
      ...{ engine, regions, requester, approver, login, start, stop },
      commits: { good: regions.commits.first, failing },
      async approve(releaseId) {
        const planHash = await planOf(releaseId);
        const decisionId = randomUUID();
        await approver.decide(releaseId, { decisionId, kind: 'approve', planHash, channel: 'test', reason: '' });
      },
      async untilEnded(releaseId) {
        await until('its end', async () => (await approver.release(releaseId)).outcome !== undefined);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The operator's part: the same two people by the command line and by a browser, and one who may only look. */
async function knowByLogin(file: string): Promise<void> {
  const policy = parse(await readFile(file, 'utf8')) as object;
  const people = {
    'lab-developer': { token: 'lab-developer', oidc: 'lab-developer' },
    'lab-approver': { token: 'lab-approver', oidc: 'lab-approver' },
    visitor: { oidc: 'visitor' },
  };
  const groups = { approvers: { members: ['lab-approver'] } };
  await writeFile(`${file}.new`, stringify({ ...policy, people, groups }));
  await rename(`${file}.new`, file);
}

/** The shop's newest commit, whose storefront does not start in nl, in a shop that holds then. */
async function holdsWhereItFails(repository: string): Promise<string> {
  const file = join(repository, 'slipway.yaml');
  const pipeline = parse(await readFile(file, 'utf8')) as { environments: Record<string, { onFailure: object }> };
  pipeline.environments[shop.environment]!.onFailure = { partial: 'hold', confirm: false };
  await writeFile(file, stringify(pipeline));
  const author = ['-c', 'user.name=Lab', '-c', 'user.email=lab@slipway.example'];
  const git = async (args: string[]) => (await execa('git', ['-C', repository, ...author, ...args])).stdout;
  await git(['commit', '--quiet', '--all', '--message', 'Hold where it fails']);
  return git(['rev-parse', 'HEAD']);
}

import { randomUUID } from 'node:crypto';
import type { GatewayClient } from '../../../client/cli/gateway-client.ts';
import { pushReadyImages } from '../../../lab/demo/ready-images.ts';
import type { SandboxRegions } from '../../../lab/sandbox-regions.ts';
import { shop, shopComponents } from '../../../lab/shop/pipeline-file.ts';
import { freePort } from '../../../lab/services/starting.ts';
import { startEngine } from '../../../lab/world.ts';
import type { LabEngine } from '../../../lab/world.ts';
import { editPolicy, holdsWhereItFails } from '../../support/operator-files.ts';
import { startShopGround } from '../../support/shop-ground.ts';
import { until } from '../../support/world-until.ts';
import { clientOf } from '../../support/world.ts';
import { startLogin } from './login.ts';
import type { Login } from './login.ts';

/** An installation whose shop holds where a region fails, so that somebody has to decide on a page. */
export interface World {
  directory: string;
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
  untilHeld(releaseId: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(progress: (line: string) => void = () => undefined): Promise<World> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const { directory, services, regions } = await startShopGround('pages', stops, progress);
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
    const requester = clientOf(engine.gatewayUrl, engine.tokens.requester);
    const approver = clientOf(engine.gatewayUrl, engine.tokens.approver);
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
      ...{ directory, engine, regions, requester, approver, login, start, stop },
      commits: { good: regions.commits.first, failing },
      async approve(releaseId) {
        const planHash = await planOf(releaseId);
        const decisionId = randomUUID();
        await approver.decide(releaseId, { decisionId, kind: 'approve', planHash, channel: 'test', reason: '' });
      },
      async untilEnded(releaseId) {
        await until('its end', async () => (await approver.release(releaseId)).outcome !== undefined);
      },
      async untilHeld(releaseId) {
        await until('it to be held', async () => (await approver.release(releaseId)).status?.stage === 'held');
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The operator's part: the same two people by the command line and by a browser, and one who may only look. */
function knowByLogin(file: string): Promise<void> {
  return editPolicy(file, (policy) => {
    policy.people = {
      'lab-developer': { token: 'lab-developer', oidc: 'lab-developer' },
      'lab-approver': { token: 'lab-approver', oidc: 'lab-approver' },
      visitor: { oidc: 'visitor' },
    };
    policy.groups = { approvers: { members: ['lab-approver'] } };
  });
}

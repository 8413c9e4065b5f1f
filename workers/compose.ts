import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createNamespacesBox } from '../activities/box/namespaces-box.ts';
import { chooseBuilder, probeDocker } from '../activities/images/choose-builder.ts';
import { firstCredentials, secretCredentials } from '../activities/images/credentials.ts';
import { createEcrCredentials } from '../activities/images/ecr-login.ts';
import { createRegistry } from '../activities/images/registry.ts';
import { createTemporalLanes } from '../activities/lanes/temporal-lanes.ts';
import type { Records } from '../activities/records/port.ts';
import { createPostgresRecords } from '../activities/records/postgres-records.ts';
import { chooseScanners } from '../activities/scan/choose-scanners.ts';
import { createReleasedCommit } from './compose-released-commit.ts';
import { createVerifier, type Verifier } from '../activities/shared/signatures.ts';
import { createGitSource } from '../activities/source/git-source.ts';
import { isDecided } from '../activities/steps/approval-standing.ts';
import { atBoundary } from '../activities/steps/boundary.ts';
import { createBuildSteps } from '../activities/steps/build-steps.ts';
import { createEngineSteps, createLocalSteps } from '../activities/steps/engine-steps.ts';
import { createLaneSteps } from '../activities/steps/lane-steps.ts';
import { createOutboxNotifier } from '../activities/steps/outbox-notifier.ts';
import { createComposeTests } from '../activities/tests/compose-tests.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import { sayGitBound, sayTests } from './compose-box.ts';
import { createNotifiers, nameInPolicy } from './compose-notifiers.ts';
import { recordsUrlOf } from './compose-records.ts';
import { startDelivering } from './deliver.ts';
import { forgettingMessages } from './forget-messages.ts';
import { createPipelineReader } from './pipeline-reader.ts';
import { policyOnDisk } from './policy-on-disk.ts';
import { readPublicKeys } from './public-keys.ts';
import { createMissingTeller } from './tell-missing.ts';

const policyLookMs = 30_000;

/** What the steps of several roles go by. */
export interface Shared {
  records: Records;
  verifier: Verifier;
  pipeline: ReturnType<typeof createPipelineReader>;
  registry: ReturnType<typeof createRegistry>;
  now: () => number;
}

interface LineLog {
  info(line: string): void;
  warn(line: string): void;
}

const plain = (line: string) => void process.stderr.write(`${line}\n`);
const plainly: LineLog = { info: plain, warn: plain };

/**
 * Where vendors meet ports, with compose-environment.ts. To plug in another registry, scanner or notifier: one file in its port's folder, and one line
 * here.
 */
export type Composition = Awaited<ReturnType<typeof compose>>;

export async function compose(config: SlipwayConfig, log: LineLog = plainly) {
  // What this process can do, and how far it is isolated: for whoever reads its log.
  const tell = (...lines: string[]) => lines.forEach((line) => log.warn(line));
  const now = Date.now;
  const records = await createPostgresRecords({ url: await recordsUrlOf(config) });
  const policy = policyOnDisk(config.policyFile, {
    copyDirectory: join(config.cacheDirectory, 'policy'),
    report: (line) => tell(`policy: ${line}`),
  });
  // Also where nothing is asked for hours, people hear of a file that broke.
  const watch = setInterval(() => void policy.problem(), policyLookMs).unref();
  const gitLacks = await sayGitBound();
  if (gitLacks !== undefined) tell(gitLacks);
  const source = createGitSource({
    cacheDirectory: join(config.cacheDirectory, 'git'),
    allowedProtocols: config.sourceProtocols,
    logins: policy.gitLogins,
  });
  const pipeline = createPipelineReader({ source, policy, now });
  const verifier = createVerifier(await readPublicKeys(config.publicKeysDirectory), {
    unsignedRequests: config.unsignedRequests,
  });
  const credentials = firstCredentials(secretCredentials(policy.registryLogins), createEcrCredentials());
  const isNamed = async (host: string) => (await policy.registryHosts()).includes(host);
  const registry = createRegistry({ credentials, isNamed });
  const shared: Shared = { records, verifier, pipeline, registry, now };
  const missing = createMissingTeller(policy, tell);
  const targets = async () => (await policy.read()).content.notify ?? {};
  const notifierFor = createOutboxNotifier({
    outbox: records.outbox,
    nameOf: (target) => nameInPolicy(targets, target),
  });
  return {
    records,
    verifier,
    source,
    pipeline,
    missing,
    engineSteps: (client: Client) => {
      void missing.engine();
      const lanes = createTemporalLanes({ client });
      return atBoundary({
        ...createEngineSteps({ source, registry, records, lanes, pipeline, notifierFor, verifier, now }),
        ...createLocalSteps({ verifier }),
        ...createLaneSteps({ records, lanes, verifier, now }),
      });
    },
    deliver: () => {
      const pages = config.gateway.browser?.origin;
      const releaseOf = createReleasedCommit({
        records,
        verifier,
        services: async () => (await policy.read()).content.services,
      });
      return startDelivering({
        outbox: records.outbox,
        notifierOf: createNotifiers(targets, { releaseOf, ...(pages !== undefined && { pages }) }),
        isDecided: (run) => isDecided({ records, verifier }, run),
        atRest: forgettingMessages({ outbox: records.outbox, keptMs: config.limits.keptMessagesMs, tell }),
        tell,
      });
    },
    buildSteps: async () => {
      const box = createNamespacesBox();
      const insideHosts = () => policy.registryHosts();
      const [chosen, scanners, docker] = await Promise.all([
        chooseBuilder({ box, credentials, insideHosts, limits: config.boxLimits }),
        chooseScanners({ ...config.scanners, credentials, box }),
        probeDocker(),
      ]);
      const builds = chosen.kind === 'found' ? chosen.name : chosen.reason;
      const can = [`builds: ${builds}`, `image scans: ${scanners.imagesBy}`, `secret scans: ${scanners.secretsBy}`];
      for (const line of [...can, `integration tests: ${sayTests(docker)}`]) log.info(line);
      await missing.build({ ...scanners.has, tests: docker.works });
      return atBoundary(
        createBuildSteps({
          source,
          builder: chosen.kind === 'found' ? { builder: chosen.builder } : { none: chosen.reason },
          imageScanner: scanners.images,
          registry,
          secretScanner: scanners.secrets,
          treeGates: scanners.trees,
          tests: createComposeTests(),
          records,
          verifier,
          floorOf: (name) => pipeline.floorOf(name),
          now,
        }),
      );
    },
    // Kubernetes' client is large: a process that changes no environment does not load it, and one that does makes its engine meanwhile.
    environmentSteps: async (environment: string) => {
      const { environmentSteps } = await import('./compose-environment.ts');
      await missing.environment(environment, config);
      return environmentSteps(shared, config, environment);
    },
    close: () => {
      clearInterval(watch);
      return records.close();
    },
  };
}

import { createHash } from 'node:crypto';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { Artifact } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { boundsOf } from '../../domain/plan-bounds.ts';
import { keptFindings } from '../../domain/kept-findings.ts';
import type { ImageBuilder } from '../images/port.ts';
import type { Records } from '../records/port.ts';
import type { SecretScanner, TreeGates } from '../scan/port.ts';
import type { Source } from '../source/port.ts';
import type { IntegrationTests } from '../tests/port.ts';
import { beating } from '../shared/polling.ts';
import { says } from '../shared/saying.ts';
import type { Verifier } from '../shared/signatures.ts';
import { inCheckout } from './checkout.ts';
import { judged } from './judged.ts';
import { lookByGate } from './look-by-gate.ts';
import { gateNames, releaseRecord, requireOwnRun } from './release-record.ts';
import { scanEveryImage, type EveryImage } from './scan-every-image.ts';
import type { BuildSteps } from './types.ts';
import { inQuotes } from '../../domain/visible.ts';
import { head, tail } from '../../domain/whole-text.ts';

export interface BuildDependencies extends EveryImage {
  source: Source;
  /** Absent where nothing can build: then only given and unchanged images can be released, and that is said. */
  builder: { builder: ImageBuilder } | { none: string };
  secretScanner: SecretScanner;
  /** By programs of the operator's own. */
  treeGates: TreeGates;
  tests: IntegrationTests;
  records: Pick<Records, 'attempts' | 'plans'>;
  verifier: Verifier;
  /** The policy on this worker's own disk. */
  floorOf: (environment: string) => Promise<Pick<EnvironmentFloor, 'services' | 'gates'>>;
  now: () => number;
}

/** Code from repositories runs here, beside no credentials of any environment. */
export function createBuildSteps(deps: BuildDependencies): BuildSteps {
  return {
    async buildImage({ releaseId, component }) {
      const { record, request } = await released(deps, releaseId);
      const { spec } = await record.read();
      const wanted = spec.components.find((c) => c.name === component);
      if (!wanted?.build) throw failure('SLIP-REL-3', `${component} has no build, and no image was given for it`);
      if ('none' in deps.builder) throw failure('SLIP-IMG-7', deps.builder.none);
      const { builder } = deps.builder;
      const { name, build, image: repository } = wanted;
      const ownImages = await imagesOf(deps, request);
      says({ component: name, commit: request.commit });
      return beating((progress) =>
        inCheckout(deps.source, request, async (directory) => {
          const image = await builder.build(
            {
              directory,
              ...build,
              repository: `${spec.registry}/${repository}`,
              ownImages,
              cachesOf: request,
              labels: {
                'org.opencontainers.image.revision': request.commit,
                'org.opencontainers.image.source': request.repository,
              },
            },
            progress,
          );
          says({ image });
          const artifact: Artifact = { component, image, origin: 'built' };
          await record.keepBuilt(artifact);
          return artifact;
        }),
      );
    },

    async scanImages({ releaseId }) {
      const { record } = await released(deps, releaseId);
      const { spec, artifacts } = await record.contents();
      return beating(async (progress) => {
        const reports = await scanEveryImage(deps, artifacts, progress);
        const { verdict, summary, ...found } = judged(reports, spec.scan, deps.now());
        const gate = { gate: gateNames.images, verdict, summary };
        const of = artifacts.map(({ image }) => image);
        return record.keepGate(gate, { of, spec, found: keptFindings(found) });
      });
    },

    async scanSource({ releaseId }) {
      const { record, request } = await released(deps, releaseId);
      const { spec } = await record.read();
      return beating((progress) =>
        inCheckout(deps.source, request, async (directory) => {
          const report = await deps.secretScanner.scanTree(directory, progress);
          const { verdict, summary, ...found } = judged([report], { ...spec.scan, failOn: anySeverity }, deps.now());
          const gate = { gate: gateNames.secrets, verdict, summary };
          return record.keepGate(gate, { of: [request.commit], spec, found: keptFindings(found) });
        }),
      );
    },

    async runTests({ releaseId }) {
      const { record, request } = await released(deps, releaseId);
      const { spec, artifacts } = await record.contents();
      const wanted = spec.tests;
      if (!wanted) throw failure('SLIP-REL-3', 'no tests are declared');
      return beating((progress) =>
        inCheckout(deps.source, request, async (directory) => {
          const report = await deps.tests.run(
            {
              directory,
              ...wanted,
              allowedImages: wanted.images ?? [],
              images: Object.fromEntries(artifacts.map((a) => [a.component, a.image])),
              cachesOf: request,
              project: composeProject(releaseId),
            },
            progress,
          );
          const summary = report.passed
            ? `${report.total} tests passed`
            : `exit code ${report.exitCode}: ${
                head(report.failed.map((f) => f.name).join(', '), 500) || tail(report.output, 500)
              }`;
          const gate = { gate: gateNames.tests, verdict: report.passed ? 'pass' : 'fail', summary } as const;
          // The gate first: a late attempt, with another verdict than there is a plan of, is refused there, and leaves the report as it is.
          await record.keepGate(gate, { of: artifacts.map(({ image }) => image), spec });
          await deps.records.plans.keep(releaseId, 'tests', report);
          return gate;
        }),
      );
    },

    async runGate({ releaseId, gate: name }) {
      const { record, request } = await released(deps, releaseId);
      const { spec } = await record.read();
      if (!spec.gates?.includes(name)) throw failure('SLIP-REL-3', `no gate ${inQuotes(name)} is asked for`);
      return beating(async (progress) => {
        const { verdict, summary, ...found } = await lookByGate(deps, { name, spec, request }, progress);
        return record.keepGate(
          { gate: name, verdict, summary },
          { of: [request.commit], spec, found: keptFindings(found) },
        );
      });
    },
  };
}

/** Repositories that the policy lets the service have, by pattern; none where it is not let in. */
async function imagesOf({ floorOf }: BuildDependencies, lane: LaneKey): Promise<string[]> {
  const bounds = boundsOf(lane, await floorOf(lane.environment));
  return 'refused' in bounds ? [] : bounds.images.map((image) => `${bounds.registry}/${image}`);
}

/** What the engine knows of the release that asks. Repository, commit and registry are never the workflow's to say. */
async function released(deps: BuildDependencies, releaseId: string) {
  requireOwnRun(releaseId);
  const record = releaseRecord(deps, releaseId);
  const request = await record.openRequest();
  return { record, request };
}

/** One name per attempt: ids are longer than what a project name may be, and differ at their ends. */
function composeProject(releaseId: string): string {
  return `slipway-${createHash('sha256').update(releaseId).digest('hex').slice(0, 32)}`;
}

/** A leaked secret has no severity that could excuse it. */
const anySeverity = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const;

import type { Source } from '../activities/source/port.ts';
import type { PipelineReader } from '../activities/steps/pipeline-reader.ts';
import type { EnvironmentFloor } from '../domain/contract/policy.ts';
import { failure } from '../domain/errors/catalogue.ts';
import { accessOf } from '../pipeline/access.ts';
import { automaticPromotions } from '../pipeline/automatic-promotions.ts';
import { githubServices } from '../pipeline/github.ts';
import { loadPipeline, pipelineBound, problemsFailure, resolveRelease } from '../pipeline/index.ts';
import { slackChannelsOf } from '../pipeline/notify.ts';
import { operatorFloor } from '../pipeline/operator-floor.ts';
import { knownPeople } from '../pipeline/people.ts';
import { floorHash, releaseFloor } from '../pipeline/release-floor.ts';
import type { PolicyOnDisk } from './policy-on-disk.ts';

const pipelineFile = 'slipway.yaml';

/** Brings the two files together: slipway.yaml from the commit, the policy from this machine's disk. */
export function createPipelineReader({
  source,
  policy: onDisk,
  now,
}: {
  source: Source;
  policy: PolicyOnDisk;
  now: () => number;
}): PipelineReader {
  return {
    async read({ service, branch, commit, environment }) {
      const policy = await onDisk.read();
      const known = policy.content.services;
      const repository = Object.hasOwn(known, service) ? known[service]?.repository : undefined;
      if (repository === undefined)
        throw failure(
          'SLIP-CFG-3',
          `the policy knows no service ${service}; it knows ${Object.keys(known).join(', ')}`,
        );
      await source.confirm({ repository, commit, branch });
      const text = await source.read({ repository, commit, path: pipelineFile, maxBytes: pipelineBound.maxBytes });
      if (text === undefined) throw failure('SLIP-CFG-6', `${pipelineFile} does not exist at ${commit}`);
      const loaded = loadPipeline(text, pipelineFile);
      if (!loaded.ok) throw problemsFailure('SLIP-CFG-1', loaded.problems);
      if (loaded.pipeline.content.service !== service) {
        throw failure('SLIP-CFG-3', `${pipelineFile} is of service ${loaded.pipeline.content.service}, not ${service}`);
      }
      const resolved = resolveRelease({
        pipeline: loaded.pipeline,
        policy,
        environment,
        branch,
        repository,
        now: now(),
      });
      if (!resolved.ok) throw problemsFailure(resolved.code, resolved.problems);
      return { spec: resolved.spec, repository };
    },

    async floorOf(environment): Promise<EnvironmentFloor> {
      const floor = operatorFloor(await onDisk.read(), environment);
      if (!floor) throw failure('SLIP-CFG-3', `the policy knows no environment ${environment}`);
      return floor;
    },

    people: async () => knownPeople(await onDisk.read()),

    async lanes() {
      const policy = await onDisk.read();
      return Object.entries(policy.content.services).flatMap(([service, { environments }]) =>
        Object.keys(environments).map((environment) => {
          const lane = { service, environment };
          return { ...lane, access: accessOf(policy, lane) };
        }),
      );
    },

    promotions: async () => automaticPromotions(await onDisk.read()),

    github: async () => githubServices(await onDisk.read()),

    async policyOf(lane) {
      const floor = releaseFloor(await onDisk.read(), lane);
      return { hash: floorHash(floor), floor };
    },

    slackChannels: async (lane) => slackChannelsOf(await onDisk.read(), lane),

    policyProblem: () => onDisk.problem(),
  };
}

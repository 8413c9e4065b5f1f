import { readFile } from 'node:fs/promises';
import type { Source } from '../activities/source/port.ts';
import type { PipelineReader } from '../activities/steps/pipeline-reader.ts';
import type { EnvironmentFloor } from '../domain/contract/policy.ts';
import { failure } from '../domain/errors/catalogue.ts';
import { loadPipeline, loadPolicy, problemsFailure, resolveRelease } from '../pipeline/index.ts';
import { operatorFloor } from '../pipeline/operator-floor.ts';
import type { Policy } from '../pipeline/index.ts';

const pipelineFile = 'slipway.yaml';
const largestFile = 1_000_000;

/** Brings the two files together: slipway.yaml from the commit, the policy from this machine's disk. */
export function createPipelineReader({
  source,
  policyFile,
  now,
}: {
  source: Source;
  policyFile: string;
  now: () => number;
}): PipelineReader {
  const readPolicy = async (): Promise<Policy> => {
    const loaded = loadPolicy(await readFile(policyFile), policyFile);
    if (!loaded.ok) throw problemsFailure('SLIP-CFG-2', loaded.problems);
    return loaded.policy;
  };
  return {
    async read({ service, branch, commit, environment }) {
      const policy = await readPolicy();
      const known = policy.content.services;
      const repository = Object.hasOwn(known, service) ? known[service]?.repository : undefined;
      if (repository === undefined)
        throw failure(
          'SLIP-CFG-3',
          `the policy knows no service ${service}; it knows ${Object.keys(known).join(', ')}`,
        );
      await source.confirm({ repository, commit, branch });
      const text = await source.read({ repository, commit, path: pipelineFile, maxBytes: largestFile });
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
      const floor = operatorFloor(await readPolicy(), environment);
      if (!floor) throw failure('SLIP-CFG-3', `the policy knows no environment ${environment}`);
      return floor;
    },

    policyHash: async () => (await readPolicy()).hash,
  };
}

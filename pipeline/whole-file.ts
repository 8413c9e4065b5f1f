import type { Finding } from './problem.ts';

const ofPipeline = ['service', 'components', 'tests', 'migrations', 'rollout'];
const ofPolicy = ['clusters', 'services', 'registries', 'git', 'mayIgnore'];

/** Where one of the two files was given as the other everything in it is wrong, which helps nobody. */
export function otherFile(value: unknown, wanted: 'pipeline' | 'policy'): Finding | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const [own, foreign] = wanted === 'pipeline' ? [ofPipeline, ofPolicy] : [ofPolicy, ofPipeline];
  const has = (keys: readonly string[]) => keys.filter((key) => Object.hasOwn(value, key)).length;
  if (has(own) > 0 || has(foreign) < 2) return undefined;
  return wanted === 'pipeline'
    ? {
        path: [],
        message: "this is an operator's policy file, and no slipway.yaml",
        hint: 'check it alone: `slipway validate --policy-only FILE`',
      }
    : {
        path: [],
        message: "this is a slipway.yaml, and no operator's policy file",
        hint: 'check both: `slipway validate slipway.yaml --policy FILE`',
      };
}

/** A key of the other file. */
export function belongsElsewhere(key: string, wanted: 'pipeline' | 'policy'): string | undefined {
  if (wanted === 'pipeline' && ofPolicy.includes(key)) return "it belongs in the operator's policy file";
  return wanted === 'policy' && ofPipeline.includes(key) ? 'it belongs in slipway.yaml' : undefined;
}

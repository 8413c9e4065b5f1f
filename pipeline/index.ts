/** What users write: `slipway.yaml` and the operator's policy file, read, checked and brought together. */
export { branchMatches } from './branches.ts';
export { explain } from './explain.ts';
export type { Explained } from './explain.ts';
export { pipelineJsonSchema, policyJsonSchema } from './json-schema.ts';
export { loadPipeline, loadPolicy } from './load.ts';
export type { LoadedPolicy, Pipeline, Policy } from './load.ts';
export type { NotifyPolicy } from './policy-schema.ts';
export { formatProblems, problemsFailure } from './problem.ts';
export type { Problem } from './problem.ts';
export { environmentsOf } from './branches.ts';
export { pipelineBound } from './work-bound.ts';
export { contradictions, resolveRelease } from './resolve.ts';
export type { Resolved, Resolving } from './resolve.ts';
export { policyWarnings } from './policy-warnings.ts';
export { pipelineWarnings, sharedWarnings } from './warnings.ts';
export { writtenValue } from './written.ts';

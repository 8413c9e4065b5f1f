import { z } from 'zod';
import { pipelineSchema } from './pipeline-schema.ts';
import { policySchema } from './policy-schema.ts';

/** JSON Schema (draft 2020-12) of `slipway.yaml`, for editors. Rules between values are only checked by the loader. */
export function pipelineJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(pipelineSchema, { io: 'input' }), title: 'slipway.yaml' };
}

/** The same for the operator's policy file. */
export function policyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(policySchema, { io: 'input' }), title: 'Slipway policy' };
}

import { z } from 'zod';
import { nameAsMeant, tableAsMeant } from './names-meant.ts';

/**
 * The names in a pipeline file and what refers to them, read leniently: whatever has the wrong form counts as left out, so that
 * references can be judged together with everything else that is wrong. Positions in lists are kept.
 */
const word = z.string().catch('');
/** Of something that this file names. */
const named = word.transform(nameAsMeant);
const namedList = z.array(named).catch([]);
const flag = z.boolean().optional().catch(undefined);

function table<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value).transform(tableAsMeant);
}
function list<Value extends z.ZodType>(value: Value) {
  return z.array(value).catch([]);
}

const componentOutline = z
  .object({
    image: word,
    needs: namedList,
    build: z.unknown().optional(),
    workloads: list(z.object({ deployment: word }).catch({ deployment: '' })),
  })
  .catch({ image: '', needs: [], build: undefined, workloads: [] });

const regionOutline = z
  .object({ cluster: word, namespace: word, smoke: table(z.unknown()).optional().catch(undefined) })
  .catch({ cluster: '', namespace: '' });

const overrideOutline = z
  .object({ args: z.unknown().optional(), regions: z.array(named).optional().catch(undefined) })
  .catch({});

const environmentOutline = z
  .object({
    from: z
      .union([named, z.object({ environment: named }).transform(({ environment }) => environment)])
      .optional()
      .catch(undefined),
    components: z.array(named).optional().catch(undefined),
    overrides: table(overrideOutline).catch({}),
    regions: table(regionOutline).optional().catch(undefined),
    waves: z
      .array(z.object({ regions: namedList }).catch({ regions: [] }))
      .optional()
      .catch(undefined),
    tests: flag,
    approval: z
      .object({
        required: flag,
        groups: z.array(z.unknown()).optional().catch(undefined),
        expires: z.string().optional().catch(undefined),
        remind: z.string().optional().catch(undefined),
        escalate: z.object({ after: word }).optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  })
  .catch({ overrides: {} });

const migrationOutline = z
  .object({
    database: word,
    region: named,
    component: named,
    lockTimeout: word,
    timeout: word,
    commands: z.unknown().optional(),
    like: z.unknown().optional(),
  })
  .catch({ database: '', region: '', component: '', lockTimeout: '', timeout: '', commands: undefined });

const exceptionOutline = z
  .object({ id: word, environments: z.array(named).optional().catch(undefined) })
  .catch({ id: '' });

const spoken = z.string().optional().catch(undefined);
const rolloutOutline = z
  .object({ timeout: spoken, imagePull: spoken, scheduling: spoken, start: spoken, crash: spoken, steady: spoken })
  .optional()
  .catch(undefined);

export const pipelineOutline = z
  .object({
    rollout: rolloutOutline,
    components: table(componentOutline).optional().catch(undefined),
    environments: table(environmentOutline).catch({}),
    migrations: list(migrationOutline),
    smoke: table(z.object({ component: word }).catch({ component: '' }))
      .optional()
      .catch(undefined),
    tests: z.unknown().optional(),
    scan: z.object({ exceptions: list(exceptionOutline) }).catch({ exceptions: [] }),
  })
  .catch({ environments: {}, migrations: [], tests: undefined, scan: { exceptions: [] } });

export type PipelineOutline = z.infer<typeof pipelineOutline>;
export type EnvironmentOutline = PipelineOutline['environments'][string];

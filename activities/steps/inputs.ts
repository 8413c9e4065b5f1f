import { z } from 'zod';
import { mostUntold } from '../../domain/announcements.ts';
import { mostReminders } from '../../domain/approval-course.ts';
import { stages } from '../../domain/contract/status.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Agreeing } from './input-agreement.ts';
import {
  laneFence,
  laneMember,
  laneMemory,
  releaseResult,
  runReport,
  signedDecision,
  signedOrder,
} from './input-documents.ts';
import { applied, authority, hash, id, image, lane, millis, name, names, notify, purpose } from './input-fields.ts';
import { weigh } from '../../domain/weight.ts';
import type { BuildSteps, EngineSteps, EnvironmentSteps, LaneSteps, LocalSteps } from './types.ts';
import { head } from '../../domain/whole-text.ts';

type Steps = EngineSteps & LaneSteps & LocalSteps & BuildSteps & EnvironmentSteps;
export type Step = keyof Steps;
type InputOf<S extends Step> = Parameters<Steps[S]>[0];

const aboutRelease = z.strictObject({ releaseId: id });
const migration = z.strictObject({ authority, database: name });
const component = z.strictObject({ authority, region: name, component: name, image, purpose });
const region = z.strictObject({ authority, region: name, images: z.record(name, image), purpose });

const announcement = z.discriminatedUnion('message', [
  z.strictObject({ message: z.literal('approval') }),
  z.strictObject({ message: z.literal('approval-reminder'), number: z.int().min(1).max(mostReminders) }),
  z.strictObject({ message: z.literal('approval-escalated') }),
  // Words of what a step is about, of which those count that are names on record.
  z.strictObject({
    message: z.literal('held'),
    code: id,
    places: z.array(z.string().max(500)).max(1_000),
    stage: z.enum(stages),
    retries: z.int().min(0).max(1_000_000).exactOptional(),
  }),
  z.strictObject({ message: z.literal('failed'), code: id }),
  z.strictObject({ message: z.literal('region-failed'), region: name }),
]);

/**
 * What each step takes, and nothing else. A type is a promise between our workflows and our steps, and neither is what calls: anybody with
 * access to Temporal schedules a step with whatever they like.
 */
const inputs = {
  readRelease: aboutRelease,
  joinLane: z.strictObject({ lane, member: laneMember }),
  planRelease: aboutRelease,
  takeOver: z.strictObject({ releaseId: id, from: id }),
  judgePlanDrift: z.strictObject({ releaseId: id, planHash: hash }),
  checkDecision: z.strictObject({ signed: signedDecision, subject: id, planHash: hash.exactOptional() }),
  consumeApproval: z.strictObject({ releaseId: id, planHash: hash, decisionIds: z.array(id).max(1_000) }),
  announce: announcement,
  recordVerified: z.strictObject({ authority, regions: names, unseen: z.record(name, names).exactOptional() }),
  chooseRollbacks: z.strictObject({ planHash: hash, releaseId: id, regions: names }),
  recordEnd: z.strictObject({
    releaseId: id,
    result: releaseResult,
    notify,
    report: runReport.exactOptional(),
    untold: z.array(announcement).max(mostUntold).exactOptional(),
    revoke: z.strictObject({ releaseId: id, regions: names }).exactOptional(),
  }),
  findRelease: z.strictObject({ releaseId: id, by: id }),

  verifySignature: signedDecision,
  verifyOrder: signedOrder,

  beginLane: z.strictObject({ lane }),
  recordLane: laneMemory.extend({ lane, ...laneFence }),
  lookAtHolder: aboutRelease,

  buildImage: z.strictObject({ releaseId: id, component: name }),
  scanImages: aboutRelease,
  scanSource: aboutRelease,
  runTests: aboutRelease,
  runGate: z.strictObject({ releaseId: id, gate: name }),

  lookAtRegions: aboutRelease,
  planMigration: z.strictObject({ database: name, releaseId: id, authority: authority.exactOptional() }),
  tagImages: z.strictObject({ authority, tags: z.enum(['commit', 'moving']) }),
  startMigration: migration,
  watchMigration: migration,
  verifyMigration: migration,
  applyComponent: component,
  watchRollout: component.extend({ applied, timeoutMs: millis }),
  verifyRegion: region,
  observeRegion: region.extend({ everyMs: millis, until: millis }),
} satisfies { [S in Step]: z.ZodType<InputOf<S>> };

const stepInputs: { [S in Step]: Agreeing<InputOf<S>, (typeof inputs)[S]> } = inputs;

/** What a step was called with, read. Throws SLIP-REL-5 (terminal) for what no workflow of ours sends. */
export function readInput<S extends Step>(step: S, args: readonly unknown[]): InputOf<S> {
  const refuse = (why: string) => failure('SLIP-REL-5', `${step} was called with what it does not take: ${why}`);
  if (args.length !== 1) throw refuse(`${args.length} arguments`);
  const tooMuch = weigh(args[0]);
  if (tooMuch !== undefined) throw refuse(tooMuch);
  const schema: z.ZodType<InputOf<S>> = stepInputs[step];
  const read = schema.safeParse(args[0]);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refuse(head(`${issue?.path.join('.') || 'its input'}: ${issue?.message ?? 'not valid'}`, 500));
}

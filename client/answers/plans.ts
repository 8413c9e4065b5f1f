import { z } from 'zod';
import type {
  PlanCommits,
  RegionPreview,
  RollbackPreview,
  VerifiedBeside,
  VerifiedPlan,
} from '../../domain/contract/gateway.ts';
import type { DeliveredArtifact, DeliverySpec } from '../../domain/contract/delivery.ts';
import type {
  ApprovalPolicy,
  GateResult,
  PlannedComponent,
  PlannedMigration,
  PromotedFrom,
  Promotion,
  ReleasePlan,
  SchemaGap,
  WorkloadSpec,
} from '../../domain/contract/release.ts';
import { asWritten, fieldsOf, hash, image, text, texts, time, yes } from './fields.ts';
import { origin, verdict } from './release-status.ts';

/*
 * A plan is hashed with all that is in it: nothing of it is left out, and nothing in it is a time. What slipway.yaml and the policy say is
 * in it as they say it.
 */

const component = z.looseObject(
  fieldsOf<PlannedComponent>()({
    name: text,
    image,
    origin,
    promoted: asWritten<PromotedFrom>().exactOptional(),
    given: yes.exactOptional(),
    needs: texts,
    workloads: z.array(asWritten<WorkloadSpec>()),
    regions: texts.exactOptional(),
    builtForHere: yes.exactOptional(),
    delivery: asWritten<DeliverySpec>().exactOptional(),
    artifact: asWritten<DeliveredArtifact>().exactOptional(),
  }),
);

const migration = z.looseObject(
  fieldsOf<PlannedMigration>()({
    database: text,
    region: text,
    component: text,
    pending: texts,
    contracting: texts,
    unknown: texts.exactOptional(),
  }),
);

const gate = z.looseObject(fieldsOf<GateResult>()({ gate: text, verdict, summary: text }));

const planFields = fieldsOf<ReleasePlan>()({
  version: z.literal(1),
  service: text,
  environment: text,
  branch: text,
  commit: text,
  configurationHash: text,
  policyHash: text,
  components: z.array(component),
  regions: z.array(asWritten<ReleasePlan['regions'][number]>()),
  waves: z.array(asWritten<ReleasePlan['waves'][number]>()),
  migrations: z.array(migration),
  migrationSpecs: z.array(asWritten<ReleasePlan['migrationSpecs'][number]>()),
  gates: z.array(gate),
  approval: asWritten<ReleasePlan['approval']>(),
  onCall: texts.exactOptional(),
  onFailure: asWritten<ReleasePlan['onFailure']>(),
  onBreach: asWritten<NonNullable<ReleasePlan['onBreach']>>().exactOptional(),
  rollout: asWritten<ReleasePlan['rollout']>(),
  tags: texts,
  olderThanSchema: z.array(asWritten<SchemaGap>()).exactOptional(),
  promotion: asWritten<Promotion>().exactOptional(),
  needs: texts.exactOptional(),
});

export const plan = z.looseObject(planFields).meta({
  id: 'Plan',
  description:
    'What people approve. Its hash is the sha256 of its canonical JSON: keys in the order of their code units, without spaces, all that came. Durations are milliseconds.',
});

export const verifiedFields = { planHash: hash, releaseId: text, verifiedAt: time };

const verified = z
  .object(fieldsOf<VerifiedPlan>()({ ...verifiedFields, plan: plan.exactOptional() }))
  .meta({ id: 'VerifiedPlan' });

export const approvalNow = asWritten<ApprovalPolicy>().meta({
  description:
    'What the policy of this gateway asks for, where the plan was made by another: each of both is asked of whoever approves.',
});

export const policyNow = z.enum(['not-let-in', 'untold']).meta({
  description:
    'The policy of this gateway does not let the service into the environment (`not-let-in`), or nobody could tell whether the plan was made by another (`untold`).',
});

export const verifiedBeside = z
  .object(
    fieldsOf<VerifiedBeside>()({
      verified: verified.exactOptional(),
      untold: yes.exactOptional(),
      approvalNow: approvalNow.exactOptional(),
      policyNow: policyNow.exactOptional(),
    }),
  )
  .meta({
    id: 'VerifiedBeside',
    description: 'What stands where a plan goes to. `untold`: what stood there then is not on record.',
  });

export const planCommits = z
  .object(
    fieldsOf<PlanCommits>()({
      commits: z.array(z.object({ commit: text, author: text, at: time, subject: text })),
      more: z.boolean(),
      untold: yes.exactOptional(),
    }),
  )
  .meta({
    id: 'PlanCommits',
    description: 'What a plan brings, the newest first, in the words of whoever has pushed it.',
  });

const target = z.object({
  component: text,
  image,
  releaseId: text,
  commit: text,
  unseen: yes.exactOptional(),
  from: image.exactOptional(),
  verifiedAt: time.exactOptional(),
  otherVariables: yes.exactOptional(),
  schemaSince: texts.exactOptional(),
});

type Preview<Kind extends RegionPreview['kind']> = Extract<RegionPreview, { kind: Kind }>;
const regionPreview = z.discriminatedUnion('kind', [
  z.object(
    fieldsOf<Preview<'go'>>()({
      kind: z.literal('go'),
      region: text,
      targets: z.array(target),
      newcomers: texts.exactOptional(),
    }),
  ),
  z.object(fieldsOf<Preview<'refused'>>()({ kind: z.literal('refused'), region: text, why: text, next: text })),
]);

export const rollbackPreview = z
  .object(
    fieldsOf<RollbackPreview>()({
      releaseId: text,
      refused: text.exactOptional().meta({ description: 'Why whoever has asked may not order it.' }),
      regions: z.array(regionPreview),
    }),
  )
  .meta({ id: 'RollbackPreview', description: 'What a rollback would do, by the records as they are now.' });

import { z } from 'zod';
import type { ClosureKind } from '../../domain/contract/lane.ts';
import type {
  ApprovalWanted,
  Behind,
  LaneClosed,
  LaneOverview,
  OpenRun,
  Overview,
  RegionOfRun,
  RegionOverview,
  RegionState,
  VerifiedThere,
  VersionThere,
} from '../../domain/contract/overview.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { failureDetails } from './failures.ts';
import { count, fieldsOf, text, texts, time, words, yes } from './fields.ts';
import { regionPhase } from './release-status.ts';
import { rowFields } from './releases.ts';

const release = z
  .object(
    fieldsOf<VerifiedThere>()({
      releaseId: text,
      number: count.exactOptional(),
      requestedBy: text.exactOptional(),
      commit: text,
      verifiedAt: time,
    }),
  )
  .meta({ id: 'VerifiedThere', description: 'The release that was verified last in a region.' });

const behind = z.object(fieldsOf<Behind>()({ environment: text, releases: count })).meta({
  id: 'Behind',
  description: 'So many other commits were verified in that environment since this one was.',
});

const version = z
  .object(fieldsOf<VersionThere>()({ commit: text, components: texts }))
  .meta({ id: 'VersionThere', description: 'What of a region is of one commit.' });

const region = z
  .object(
    fieldsOf<RegionOverview>()({
      region: text,
      state: words<RegionState>({ verified: true, revoked: true, unknown: true }).meta({
        description:
          '`verified`; `revoked`: and nothing was verified since; `unknown`: a run has changed something since, and nobody knows what runs there. More may come.',
      }),
      release: release.exactOptional(),
      components: count,
      versions: z
        .array(version)
        .exactOptional()
        .meta({ description: 'Where they are not all of one commit: each with its components, the newest first.' }),
      why: text.exactOptional().meta({ description: 'Why it is not verified.' }),
      behind: behind.exactOptional(),
    }),
  )
  .meta({ id: 'RegionOverview' });

const closed = z
  .object(
    fieldsOf<LaneClosed>()({
      kind: words<ClosureKind>({ hold: true, freeze: true, window: true }),
      by: text,
      from: time,
      until: time.exactOptional(),
      reason: text,
    }),
  )
  .meta({ id: 'LaneClosed' });

const lane = z
  .object(
    fieldsOf<LaneOverview>()({
      service: text,
      environment: text,
      regions: z.array(region),
      closed: z.array(closed).exactOptional().meta({ description: 'What closes it by the records, the newest first.' }),
    }),
  )
  .meta({ id: 'LaneOverview' });

const regionOfRun = z
  .object(
    fieldsOf<RegionOfRun>()({
      region: text,
      phase: regionPhase,
      begunAt: time.exactOptional(),
      since: time.exactOptional(),
    }),
  )
  .meta({ id: 'RegionOfRun' });

const approval = z.object(fieldsOf<ApprovalWanted>()({ given: texts, missing: count, noReturn: texts })).meta({
  id: 'ApprovalWanted',
  description: 'Who has said yes, how many more are needed, and after what there is no way back.',
});

const run = z
  .object(
    fieldsOf<OpenRun>()({
      ...rowFields,
      regions: z.array(regionOfRun).exactOptional(),
      failure: failureDetails.exactOptional(),
      isTriedAgain: yes.exactOptional(),
      approval: approval.exactOptional(),
      waitsForMe: z
        .boolean()
        .exactOptional()
        .meta({ description: 'Whether you are asked, and have not decided; absent where that was not looked at.' }),
    }),
  )
  .meta({ id: 'OpenRun' });

export const overview = z
  .object(
    fieldsOf<Overview>()({
      at: time,
      environments: texts,
      lanes: z.array(lane),
      moreLanes: count.exactOptional().meta({ description: 'So many are not shown.' }),
      runs: z.array(run),
      moreRuns: yes.exactOptional(),
      holdsForMe: z
        .array(z.object(fieldsOf<LaneKey>()({ service: text, environment: text })))
        .exactOptional()
        .meta({ description: 'Lanes on hold that you may clear.' }),
      unseen: texts.exactOptional().meta({ description: 'What could not be looked at.' }),
    }),
  )
  .meta({ id: 'Overview', description: 'What waits, what goes on, and what runs where.' });

import { failureDetails } from '../../../../domain/errors/catalogue.ts';
import {
  id,
  seconds,
  way,
  aRegion,
  since,
  regions,
  told,
  scanned,
  tested,
  shop,
  recordedApproval,
  decisions,
  upToDeploy,
} from './story-parts.ts';
import { deployingOthers } from './story-well.ts';

const backLog: [number, string][] = [
  [1_290, 'confirm the rollback: waits for a person'],
  [1_320, 'kim (cli): roll-back, checkout is down in de'],
  [1_320, 'rolling back de, us-east, nl'],
];

const crash = failureDetails(
  'SLIP-K8S-1',
  [
    'core in de: pod shop-core-7d9f6c5b4-x2x9q: CrashLoopBackOff, exit code 1, 4 restarts',
    'panic: migrations: table "orders" has no column "weight_grams" (SQLSTATE 42703), asked by 注文サービス at startup; is the database of this region behind the one of nl?',
    '  goroutine 1 [running]: main.main() /src/cmd/core/main.go:118',
  ].join('\n'),
);
const refused = {
  name: 'de: checkout answers',
  verdict: 'fail' as const,
  summary: '503 in 12 ms, 3 of 3 tries',
  blame: 'release' as const,
};

/** The cause is there, and a person is asked whether it goes back. */
export const held = shop(
  {
    ...deployingOthers.status!,
    stage: 'held',
    doing: 'confirm the rollback: waits for a person',
    waitingFor: {
      what: 'rollback decision',
      who: 'release-managers',
      until: seconds(1_290 + 3_600),
      decisions: ['roll-back', 'accept-failure', 'retry'],
    },
    failure: crash,
    checks: [scanned, tested, refused],
    regions: [
      since(1_060, aRegion('nl', 'verified')),
      since(1_288, aRegion('de', 'failed', { web: ['deployed'] }, 'core crashes')),
      since(1_289, aRegion('us-east', 'interrupted', { core: ['deployed'], worker: ['pending'] })),
    ],
    timings: way(...upToDeploy, ['deploying', 431], ['held', 1_290]),
    log: told(1_300, ...backLog),
  },
  {
    recorded: recordedApproval,
    why: [
      `SLIP-K8S-1 ${crash.title}: core in de: pod shop-core-7d9f6c5b4-x2x9q: CrashLoopBackOff, exit code 1. Held since ${new Date(seconds(1_290)).toISOString()}.`,
      `Next: ${crash.next}`,
      `It waits for rollback decision: release-managers can move it, until ${new Date(seconds(4_890)).toISOString()}: \`slipway rollback ${id}\`, \`slipway accept-failure ${id}\`, \`slipway retry ${id}\`.`,
    ],
  },
);

const { waitingFor: _, ...went } = held.status!;
export const rollingBack = shop(
  {
    ...went,
    stage: 'rolling-back',
    doing: 'rolling back de, us-east, nl',
    regions: [
      since(1_060, aRegion('nl', 'verified')),
      since(1_320, aRegion('de', 'rolling-back', { core: ['rolling-back', 'from e1e1e1e1e1e1'] })),
      since(1_320, aRegion('us-east', 'rolling-back')),
    ],
    timings: way(...upToDeploy, ['deploying', 431], ['held', 1_290], ['rolling-back', 1_320]),
    log: told(1_330, ...backLog),
  },
  { recorded: recordedApproval },
);

export const rolledBack = shop(
  {
    ...rollingBack.status!,
    stage: 'done',
    doing: 'rolled back',
    regions: regions.map((region) => since(1_470, aRegion(region, 'rolled-back', {}, 'to e1e1e1e1e1e1'))),
    timings: way(...upToDeploy, ['deploying', 431], ['held', 1_290], ['rolling-back', 1_320], ['done', 1_480]),
  },
  {
    open: false,
    outcome: 'rolled-back',
    summary: 'de failed: pods crash; nl, de and us-east are back at e1e1e1e1e1e1',
    endedAt: seconds(1_480),
    troubles: ['By the records it had begun to change core in nl, core in de, core in us-east and 6 more.'],
    recorded: {
      ...recordedApproval,
      decisions: [
        ...decisions,
        { kind: 'roll-back', by: 'kim', at: seconds(1_320), channel: 'cli', reason: 'checkout is down in de' },
      ],
    },
    why: ['It has ended: rolled-back, de failed: pods crash; nl, de and us-east are back at e1e1e1e1e1e1.'],
  },
);

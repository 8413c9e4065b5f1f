import type { LaneView, ReleaseRow, ReleaseView } from '../../../../domain/contract/gateway.ts';
import { releaseId } from '../../../../domain/contract/names.ts';
import type {
  RegionPhase,
  RegionStatus,
  ReleaseStatus,
  Stage,
  StageTiming,
} from '../../../../domain/contract/status.ts';
import { failureDetails } from '../../../../domain/errors/catalogue.ts';
import { aLane, image, noon } from '../builders.ts';

export const commit = '4f0c2b7d9e1a83560c4d7f2e9b1a6c3d5e8f7012';
export const id = releaseId({ service: 'shop', environment: 'production', commit, attempt: 1 });
export const planHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const components = ['core', 'web', 'worker'];
const digits: Record<string, string> = { core: 'a', web: 'b', worker: 'c' };

export const seconds = (n: number) => noon + n * 1_000;

/** Stages, each with the second at which it began; the last one goes on. */
function way(...begun: [Stage, number][]): StageTiming[] {
  return begun.map(([stage, at], n) => {
    const next = begun[n + 1];
    return { stage, startedAt: seconds(at), ...(next && { endedAt: seconds(next[1]) }) };
  });
}

function aRegion(
  region: string,
  phase: RegionPhase,
  cells: Partial<Record<string, [RegionPhase, string?]>> = {},
  note?: string,
): RegionStatus {
  return {
    region,
    phase,
    ...(note !== undefined && { note }),
    components: components.map((component) => {
      const [own, words = ''] = cells[component] ?? [phase];
      return { component, image: image(digits[component]!, component), phase: own, note: words };
    }),
  };
}

/** Where its components have no time of their own they have been as they are since then. */
function since(at: number, region: RegionStatus): RegionStatus {
  return { ...region, components: region.components.map((one) => ({ since: seconds(at), ...one })) };
}

const regions = { nl: 'nl', de: 'de', us: 'us-east' };
const pending = Object.values(regions).map((region) => since(141, aRegion(region, 'pending')));

const log: [number, string][] = [
  [1, 'core will be built: the commit changes what its image is made from'],
  [1, 'web is given'],
  [96, 'core is built: aaaaaaaaaaaa'],
  [97, 'image scan: pass, 214 packages, nothing that counts'],
  [131, 'tests: pass, 1312 passed, 4 skipped'],
  [140, 'note: in us-east nothing may look at the Secret shop-search: it is not known whether it is there'],
  [410, 'kim (cli): approve, looks good'],
  [410, 'approved by kim'],
  [412, 'has the lane'],
  [413, 'main in nl: 2 migrations'],
  [431, 'deploying nl'],
  [1_060, 'nl is steady'],
  [1_061, 'deploying de, us-east'],
];
const backLog: [number, string][] = [
  [1_290, 'confirm the rollback: waits for a person'],
  [1_320, 'kim (cli): roll-back, checkout is down in de'],
  [1_320, 'rolling back de, us-east, nl'],
];
const told = (until: number, ...more: [number, string][]) =>
  [...log, ...more].filter(([at]) => at <= until).map(([at, line]) => ({ at: seconds(at), line }));

const scanned = { name: 'image scan', verdict: 'pass' as const, summary: '214 packages, nothing that counts' };
const tested = { name: 'tests', verdict: 'pass' as const, summary: '1312 passed, 4 skipped' };

export function shop(status: Partial<ReleaseStatus>, change: Partial<ReleaseView> = {}): ReleaseView {
  return {
    releaseId: id,
    number: 142,
    service: 'shop',
    environment: 'production',
    commit,
    branch: 'main',
    attempt: 1,
    requestedBy: 'ada',
    startedAt: seconds(0),
    open: true,
    why: ['It is going on.'],
    status: {
      releaseId: id,
      stage: 'joining',
      doing: '',
      artifacts: [],
      migrations: [],
      regions: [],
      checks: [],
      timings: [],
      approvals: [],
      log: [],
      ...status,
    },
    ...change,
  };
}

const upToPlan: [Stage, number][] = [
  ['joining', 0],
  ['building', 1],
  ['checking', 96],
  ['planning', 131],
];
const approvedAt = 410;
const upToDeploy: [Stage, number][] = [
  ...upToPlan,
  ['awaiting-approval', 141],
  ['awaiting-lane', approvedAt],
  ['migrating', 412],
];
const approvals = [{ by: 'kim', at: seconds(approvedAt), channel: 'cli' }];
const decisions = [
  { kind: 'approve' as const, by: 'kim', at: seconds(approvedAt), channel: 'cli', reason: 'looks good' },
];
const recordedApproval = { planHash, approvals, changed: [], decisions };

export const building = shop({
  stage: 'building',
  doing: 'building core',
  timings: way(['joining', 0], ['building', 1]),
  log: told(1),
});

export const waiting = shop(
  {
    stage: 'awaiting-approval',
    doing: 'waiting for an approval',
    waitingFor: {
      what: 'approval',
      who: 'one of group release-managers, not by the requester',
      until: seconds(86_400),
    },
    planHash,
    regions: pending,
    checks: [scanned, tested],
    timings: way(...upToPlan, ['awaiting-approval', 141]),
    log: told(141),
  },
  {
    why: [
      `It waits for approval: one of group release-managers can move it, until ${new Date(seconds(86_400)).toISOString()}: \`slipway approve ${id} --plan ${planHash}\`.`,
    ],
  },
);

export const deployingFirst = shop(
  {
    stage: 'deploying',
    doing: 'deploying nl',
    planHash,
    approvals,
    regions: [
      since(
        431,
        aRegion('nl', 'deploying', {
          core: ['deploying', '1 of 3 pods are new and ready'],
          web: ['deployed'],
          worker: ['pending'],
        }),
      ),
      since(141, aRegion('de', 'pending')),
      since(141, aRegion('us-east', 'pending')),
    ],
    checks: [scanned, tested],
    timings: way(...upToDeploy, ['deploying', 431]),
    log: told(440),
  },
  { recorded: recordedApproval },
);

export const deployingOthers = shop(
  {
    ...deployingFirst.status!,
    doing: 'deploying de, us-east',
    regions: [
      since(1_060, aRegion('nl', 'verified')),
      since(1_061, aRegion('de', 'deploying', { core: ['deploying', '3 of 4 pods are new and ready'] })),
      since(1_061, aRegion('us-east', 'deploying', { worker: ['deployed'] })),
    ],
    checks: [scanned, tested, { name: 'nl: checkout answers', verdict: 'pass', summary: '200 in 41 ms' }],
    log: told(1_200),
  },
  { recorded: recordedApproval },
);

export const verified = shop(
  {
    ...deployingOthers.status!,
    stage: 'done',
    doing: 'verified in nl, de, us-east',
    regions: [
      since(1_060, aRegion('nl', 'verified')),
      since(1_300, aRegion('de', 'verified')),
      since(1_305, aRegion('us-east', 'verified')),
    ],
    timings: way(...upToDeploy, ['deploying', 431], ['verifying', 1_310], ['recording', 1_340], ['done', 1_341]),
  },
  {
    open: false,
    outcome: 'verified',
    summary: 'verified in nl, de, us-east',
    endedAt: seconds(1_341),
    recorded: recordedApproval,
    why: ['It has ended: verified, verified in nl, de, us-east.'],
  },
);

export const crash = failureDetails(
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
    regions: Object.values(regions).map((region) =>
      since(1_470, aRegion(region, 'rolled-back', {}, 'to e1e1e1e1e1e1')),
    ),
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

/** What `releases` lists: one of each kind. */
export function rows(): ReleaseRow[] {
  const row = (
    { status: _s, why: _w, recorded: _r, troubles: _t, open: _o, number: _n, ...kept }: ReleaseView,
    change: Partial<ReleaseRow>,
  ): ReleaseRow => ({ ...kept, ...change });
  const other = (n: number) => `release/shop/production/${String(n).repeat(40)}/1`;
  return [
    row(building, {
      releaseId: other(5),
      number: 145,
      commit: '5'.repeat(40),
      startedAt: seconds(-60),
      state: { stage: 'building', since: seconds(-58), doing: 'building core' },
    }),
    row(waiting, {
      releaseId: other(4),
      number: 144,
      commit: '4'.repeat(40),
      requestedBy: 'grace.hopper@example.com',
      startedAt: seconds(-3_000),
      state: {
        stage: 'awaiting-approval',
        since: seconds(-2_800),
        doing: '',
        waitingFor: { what: 'approval', who: 'one of group release-managers' },
      },
    }),
    row(rolledBack, {
      releaseId: 'rollback/shop/production/7c1f',
      undoes: { releaseId: id, number: 142, nth: 1, reason: 'checkout is down' },
      startedAt: seconds(-7_200),
      endedAt: seconds(-7_000),
    }),
    row(verified, { number: 142, startedAt: seconds(-86_400), endedAt: seconds(-85_000) }),
    row(verified, {
      releaseId: other(1),
      number: 141,
      commit: '1'.repeat(40),
      outcome: 'superseded',
      startedAt: seconds(-200_000),
      endedAt: seconds(-199_000),
    }),
  ];
}

export function closedLane(): LaneView {
  const scope = { service: 'shop', environment: 'production' };
  return aLane({
    status: {
      queue: [
        {
          releaseId: `release/shop/production/${'5'.repeat(40)}/1`,
          kind: 'release',
          commit: '5'.repeat(40),
          queue: 'supersede',
          joinedAt: seconds(-60),
          claiming: true,
        },
      ],
      closures: [
        {
          id: 'hold-1.4',
          kind: 'hold',
          scope,
          from: seconds(-600),
          passes: [{ kind: 'rollback' }],
          by: 'the engine',
          reason: `${id} ended rolled-back, after it had begun to change core in nl, core in de, core in us-east and 6 more: de failed: pods crash`,
        },
        {
          id: 'f-29',
          kind: 'freeze',
          scope,
          from: seconds(-300),
          until: seconds(7_200),
          passes: [{ kind: 'rollback' }],
          by: 'grace',
          reason: 'quarter end',
        },
      ],
      lastTicket: { incarnation: 1, n: 4 },
    },
  });
}

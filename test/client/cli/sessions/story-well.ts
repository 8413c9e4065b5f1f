import {
  id,
  planHash,
  seconds,
  way,
  aRegion,
  since,
  regions,
  told,
  scanned,
  tested,
  shop,
  approvals,
  recordedApproval,
  upToDeploy,
  upToPlan,
} from './story-parts.ts';

const pending = regions.map((region) => since(141, aRegion(region, 'pending')));

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

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { errorCatalogue, failureDetails } from '../../domain/errors/catalogue.ts';
import { outcomes } from '../../domain/outcomes.ts';
import { explain, inTrouble } from '../../domain/why.ts';
import type { WhyFacts } from '../../domain/why.ts';
import { aReleaseId } from './builders.ts';

const status: ReleaseStatus = {
  releaseId: aReleaseId(),
  stage: 'deploying',
  doing: 'deploying de',
  artifacts: [],
  migrations: [],
  regions: [],
  checks: [],
  timings: [],
  approvals: [],
  log: [],
};
const step = {
  step: 'applyComponent',
  about: 'deploy core in nl',
  queue: 'environment-production',
  attempt: 1,
  isTaken: true,
};
const asked = { now: 120_000, releaseId: aReleaseId() };
const away = { ...failureDetails('SLIP-K8S-10', 'nl:\n  no route to host.'), next: 'Look at the network.' };
const approvers = { what: 'a decision', who: 'approvers' };
const lane = { service: 'shop', environment: 'production' };
const closure = (kind: 'hold' | 'freeze') => ({
  id: `${kind}-1`,
  kind,
  scope: lane,
  from: 0,
  passes: [],
  by: 'kim',
  reason: 'look',
});
const waitsForLane = {
  ...status,
  stage: 'awaiting-lane' as const,
  waitingFor: { what: 'the lane: on hold: look', who: 'lane/shop/production' },
};

const beingChanged = failureDetails('SLIP-REL-12', 'de: it is being changed');
const bakes = {
  code: 'SLIP-REL-12',
  lastFailure: `${errorCatalogue['SLIP-REL-12'].title}: de bakes for 40 s, until 1970-01-01T00:00:40.000Z`,
};

describe('explain', () => {
  it.each<[string, Omit<WhyFacts, 'releaseId' | 'now'>, string[]]>([
    [
      'has ended',
      { open: false, outcome: 'rejected', summary: 'rejected by kim: no', pending: [] },
      ['It has ended: rejected, rejected by kim: no.'],
    ],
    [
      'has ended with a whole sentence',
      {
        open: false,
        outcome: 'failed',
        summary: 'the region cannot be rolled back: de: no. Fix forward.',
        pending: [],
      },
      ['It has ended: failed, the region cannot be rolled back: de: no. Fix forward.'],
    ],
    [
      'waits for approval of code that is older than the schema',
      {
        open: true,
        status: {
          ...status,
          waitingFor: { what: 'approval', who: 'approvers', until: 0 },
          warnings: ['main: 0002_drop'],
        },
        pending: [],
      },
      ['Warning: main: 0002_drop.', 'It waits for approval: approvers can move it, until 1970-01-01T00:00:00.000Z.'],
    ],
    ['was ended from outside', { open: false, pending: [] }, ['It has ended: without a recorded outcome.']],
    ['moves', { open: true, status, pending: [] }, ['It is deploying: deploying de.']],
    [
      'is at a step',
      { open: true, status, pending: [{ ...step, lastWords: '1 of 3 pods' }] },
      ['deploy core in nl is running: 1 of 3 pods.'],
    ],
    [
      'tries a step again',
      { open: true, status, pending: [{ ...step, attempt: 4, mostAttempts: 8, lastFailure: 'no route to host' }] },
      ['deploy core in nl is being tried again (try 4 of 8). The last try: no route to host.'],
    ],
    [
      'rests between two tries of a step, which Temporal says is in no hand then',
      {
        open: true,
        status,
        pending: [{ ...step, isTaken: false, attempt: 8, lastFailure: 'no route to host', nextTryAt: 30_000 }],
      },
      [
        'deploy core in nl failed, and is tried again at 1970-01-01T00:00:30.000Z (try 8). The last try: no route to host.',
      ],
    ],
    [
      'has nobody who tries a step again',
      { open: true, status, pending: [{ ...step, isTaken: false, attempt: 8, lastFailure: 'no route to host' }] },
      [
        'deploy core in nl is to be tried again (try 8), and waits for a worker of environment:production: none has taken it. Start one with SLIPWAY_ROLES=environment:production, if there is none: `slipway doctor` says which are missing. The last try: no route to host.',
      ],
    ],
    [
      'waits for the bake of a region before it',
      {
        open: true,
        status,
        pending: [{ ...step, isTaken: false, attempt: 2, mostAttempts: 4, ...bakes, nextTryAt: 40_000 }],
      },
      [
        'deploy core in nl waits: de bakes for 40 s, until 1970-01-01T00:00:40.000Z. It asks again at 1970-01-01T00:00:40.000Z.',
      ],
    ],
    [
      'has waited for that bake',
      { open: true, status, pending: [{ ...step, attempt: 2, mostAttempts: 4, ...bakes, lastWords: '1 of 3 pods' }] },
      [
        'deploy core in nl is running: 1 of 3 pods. It had to wait before: de bakes for 40 s, until 1970-01-01T00:00:40.000Z.',
      ],
    ],
    [
      'has waited for that bake, and no worker takes it',
      { open: true, status, pending: [{ ...step, isTaken: false, attempt: 2, ...bakes }] },
      [
        'deploy core in nl had to wait (de bakes for 40 s, until 1970-01-01T00:00:40.000Z), and waits for a worker of environment:production: none has taken it. Start one with SLIPWAY_ROLES=environment:production, if there is none: `slipway doctor` says which are missing.',
      ],
    ],
    [
      'has asked a question of itself',
      {
        open: true,
        status,
        pending: [{ ...step, step: 'judgePlanDrift', about: 'has anything drifted since the plan?' }],
      },
      ['comparing the plan with what is there now is running.'],
    ],
    [
      'lost its worker',
      { open: true, status, pending: [{ ...step, attempt: 2 }] },
      ['deploy core in nl is being tried again (try 2). The last try: its worker was lost.'],
    ],
    [
      'has no worker for a queue',
      { open: true, status, pending: [{ ...step, isTaken: false, askedAt: 60_000 }] },
      [
        'deploy core in nl waits for a worker of environment:production: none has taken it since 1970-01-01T00:01:00.000Z. Start one with SLIPWAY_ROLES=environment:production, if there is none: `slipway doctor` says which are missing.',
      ],
    ],
    [
      'is held for a step that fails',
      {
        open: true,
        status: {
          ...status,
          stage: 'held',
          failure: away,
          failing: [{ step: 'deploy core in nl', failure: away, since: 0, triedAgainAt: 60_000, heldUntil: 90_000 }],
          waitingFor: { ...approvers, until: 90_000, decisions: ['retry', 'roll-back'] },
        },
        pending: [],
      },
      [
        'deploy core in nl fails since 1970-01-01T00:00:00.000Z: SLIP-K8S-10 the API server cannot be reached: nl: no route to host. Tried again at 1970-01-01T00:01:00.000Z; held until 1970-01-01T00:01:30.000Z, then it ends.',
        'Next: Look at the network.',
        `It waits for a decision: approvers can move it, until 1970-01-01T00:01:30.000Z: \`slipway retry ${asked.releaseId}\`, \`slipway rollback ${asked.releaseId}\`.`,
      ],
    ],
    [
      'looks again where something was written meanwhile',
      {
        open: true,
        status: {
          ...status,
          failing: [{ step: 'verify de', failure: beingChanged, since: 0, triedAgainAt: 60_000 }],
        },
        pending: [],
      },
      [
        `verify de waits since 1970-01-01T00:00:00.000Z: SLIP-REL-12 ${beingChanged.title}: de: it is being changed. It asks again at 1970-01-01T00:01:00.000Z.`,
        `Next: ${beingChanged.next}`,
      ],
    ],
    [
      'waits for a lane since then, whose hold has many sentences',
      {
        open: true,
        status: {
          ...status,
          stage: 'awaiting-lane',
          timings: [{ stage: 'awaiting-lane', startedAt: 60_000 }],
          waitingFor: { what: 'the lane: on hold: core crashes.\nde, nl are not back.', who: 'lane/shop/production' },
        },
        pending: [],
      },
      ['It waits since 1970-01-01T00:01:00.000Z for the lane: on hold: core crashes.'],
    ],
    [
      'is held, and has no way back',
      {
        open: true,
        status: { ...status, stage: 'held', waitingFor: { ...approvers, decisions: ['accept-failure'] } },
        noWayBack: { why: 'the schema does not carry it' },
        pending: [],
      },
      [
        `It waits for a decision: approvers can move it: \`slipway accept-failure ${asked.releaseId}\`.`,
        'A rollback would be refused: the schema does not carry it.',
      ],
    ],
    [
      'has ended, with more than one sentence to say',
      { open: false, outcome: 'failed', summary: 'core crashes.\nde, nl are not back.', pending: [] },
      ['It has ended: failed, core crashes.', 'de, nl are not back.'],
    ],
    [
      'has failed, and a person decides',
      {
        open: true,
        status: {
          ...status,
          stage: 'held',
          failure: away,
          timings: [{ stage: 'held', startedAt: 0 }],
          waitingFor: { ...approvers, decisions: ['roll-back', 'accept-failure'] },
        },
        pending: [],
      },
      [
        'SLIP-K8S-10 the API server cannot be reached: nl: no route to host. Held since 1970-01-01T00:00:00.000Z.',
        'Next: Look at the network.',
        `It waits for a decision: approvers can move it: \`slipway rollback ${asked.releaseId}\`, \`slipway accept-failure ${asked.releaseId}\`.`,
      ],
    ],
    [
      'waits for a lane that is closed',
      {
        open: true,
        status: waitsForLane,
        pending: [],
        lane: {
          ...lane,
          status: { queue: [], closures: [closure('hold'), closure('freeze')], lastTicket: { incarnation: 1, n: 1 } },
        },
      },
      [
        'It waits for the lane: on hold: look.',
        'The hold stands since 1970-01-01T00:00:00.000Z. `slipway lane --service shop --environment production --full` says all of why. Once somebody has looked at what was left behind, whoever may approve, or is on call, opens the lane: `slipway lane clear-hold --service shop --environment production --id hold-1 --reason …`.',
        'The freeze of kim stands since 1970-01-01T00:00:00.000Z. When it may end, whoever may approve opens the lane: `slipway unfreeze --service shop --environment production --id freeze-1 --reason …`.',
      ],
    ],
    [
      'waits for a lane under a freeze whose key is not known',
      {
        open: true,
        status: waitsForLane,
        pending: [],
        lane: {
          ...lane,
          status: {
            queue: [],
            closures: [{ ...closure('freeze'), unprovenKey: 'a'.repeat(16) }],
            lastTicket: { incarnation: 1, n: 1 },
          },
        },
      },
      [
        'It waits for the lane: on hold: look.',
        'The freeze of kim stands since 1970-01-01T00:00:00.000Z (who ordered it cannot be told: it names aaaaaaaaaaaaaaaa, a key that is not known here). When it may end, whoever may approve opens the lane: `slipway unfreeze --service shop --environment production --id freeze-1 --reason …`.',
      ],
    ],
    [
      'waits for a lane that another run has',
      {
        open: true,
        status: { ...waitsForLane, waitingFor: { what: 'the lane: r1 holds the lane', who: 'lane/shop/production' } },
        pending: [],
        lane: {
          ...lane,
          status: {
            holder: { releaseId: 'r1', ticket: { incarnation: 1, n: 1 }, since: 0 },
            queue: [],
            closures: [closure('hold')],
            lastTicket: { incarnation: 1, n: 1 },
          },
        },
      },
      ['It waits for the lane: r1 holds the lane.', 'r1 has the lane since 1970-01-01T00:00:00.000Z.'],
    ],
    [
      'waits for a lane that nothing on record closes',
      {
        open: true,
        status: waitsForLane,
        pending: [],
        lane: { ...lane, status: { queue: [], closures: [], lastTicket: { incarnation: 1, n: 1 } } },
      },
      [
        'It waits for the lane: on hold: look.',
        'Nothing on record closes the lane, and nobody holds it: the lane itself may not have heard that.',
        'Next: `slipway lane tell --service shop --environment production` has it told; `slipway lane --service shop --environment production` shows what else it says, and what ends that.',
      ],
    ],
    [
      'has just asked for the lane',
      {
        open: true,
        status: { ...waitsForLane, waitingFor: { what: 'the lane', who: 'lane/shop/production' } },
        pending: [],
        lane: { ...lane, status: { queue: [], closures: [], lastTicket: { incarnation: 1, n: 1 } } },
      },
      ['It waits for the lane.'],
    ],
    [
      'waits for people',
      { open: true, status: { ...status, waitingFor: { what: 'approval', who: 'approvers', until: 0 } }, pending: [] },
      ['It waits for approval: approvers can move it, until 1970-01-01T00:00:00.000Z.'],
    ],
    [
      'has no workflow worker',
      { open: true, pending: [] },
      ['No engine worker answers: start one, and the run goes on where it was.'],
    ],
    [
      'has no engine worker, and has a plan on record that somebody has approved',
      {
        open: true,
        pending: [],
        recorded: { planHash: 'b'.repeat(64), approvals: [{ by: 'kim', at: 1, channel: 'cli' }], changed: [] },
      },
      [
        'No engine worker answers: start one, and the run goes on where it was.',
        `By the records its plan is made (\`slipway plan ${aReleaseId()}\` shows it), approved by kim, and it has changed nothing yet.`,
      ],
    ],
    [
      'has no engine worker, and has begun to change something by the records',
      { open: true, pending: [], recorded: { approvals: [], changed: ['core in de'] } },
      [
        'No engine worker answers: start one, and the run goes on where it was.',
        'By the records it has begun to change core in de.',
      ],
    ],
    [
      'has no engine worker, and nothing is on record of it',
      { open: true, pending: [], recorded: { approvals: [], changed: [] } },
      [
        'No engine worker answers: start one, and the run goes on where it was.',
        'By the records it has no plan yet, and has changed nothing.',
      ],
    ],
    [
      'cannot begin, because no version is current',
      { open: true, pending: [], noneCurrent: { polled: ['ab12'] } },
      [
        'No version of the engine is current, so that nothing new can begin, though engine workers poll.',
        'Next: Make one current, with the variables of an engine worker: `slipway setup --make-current ab12`.',
      ],
    ],
    [
      'cannot begin, because no engine worker has ever been there',
      { open: true, pending: [], noneCurrent: { polled: [] } },
      [
        'No version of the engine is current, so that nothing new can begin, and no engine worker polls.',
        'Next: Start an engine worker: the first of an installation makes its version current.',
      ],
    ],
    [
      'is pinned to a version without workers',
      { open: true, version: { buildId: 'ab12', polled: false }, pending: [] },
      [
        'It waits for an engine worker of version ab12: none polls. Start one of that version, and the run goes on where it was.',
      ],
    ],
    [
      'is pinned to a version whose workers do not answer',
      { open: true, version: { buildId: 'ab12', polled: true }, pending: [] },
      ['No engine worker of version ab12 answers in time: they may be busy, or hang.'],
    ],
  ])('says why, when a run %s', (_when, facts, lines) => {
    expect(explain({ ...asked, ...facts })).toEqual(lines);
  });

  it.each([
    ['fails', { ...step, attempt: 2, lastFailure: 'no route' }, 1],
    ['nobody has taken for a while', { ...step, isTaken: false, askedAt: 0 }, 1],
    ['was asked for a moment ago', { ...step, isTaken: false, askedAt: asked.now - 1_000 }, 0],
    ['is under way', step, 0],
    ['waits for a bake', { ...step, isTaken: false, attempt: 2, ...bakes, nextTryAt: asked.now + 30_000 }, 0],
    ['has waited for a bake, and runs', { ...step, attempt: 2, ...bakes }, 0],
    [
      'has waited for a bake, and is not taken',
      { ...step, isTaken: false, attempt: 2, ...bakes, nextTryAt: asked.now - 30_000 },
      1,
    ],
  ])('calls a step that %s trouble, or does not', (_what, pending, lines) => {
    expect(inTrouble({ pending: [pending], now: asked.now }, status)).toHaveLength(lines);
  });

  it('names the ways on after a halt, in order, with their commands', () => {
    const run = { releaseId: aReleaseId(), service: 'shop', environment: 'production' };
    const facts = { ...asked, open: false, outcome: 'halted', pending: [], ...run };
    const [end, ...ways] = explain({ ...facts, summary: 'de is not back' });
    expect(end).toBe('It has ended: halted, de is not back.');
    const lane = '--service shop --environment production';
    const commands = [
      `slipway status ${aReleaseId()}; slipway lane ${lane}`,
      `slipway rollback ${aReleaseId()} --reason "…"`,
      `slipway deploy ${lane} --commit COMMIT --new-attempt`,
      `slipway freeze ${lane} --reason "…"`,
      `slipway lane clear-hold ${lane} --reason "…"`,
    ];
    expect(ways).toEqual(commands.map((command) => expect.stringContaining(command)));
    expect(ways.map((way) => way[0])).toEqual(['1', '2', '3', '4', '5']);
  });

  it('offers no rollback after a halt where it would be refused, and says why', () => {
    const run = { releaseId: aReleaseId(), service: 'shop', environment: 'production' };
    const noWayBack = { why: 'core has never been verified in de' };
    const ways = explain({ ...asked, open: false, outcome: 'halted', pending: [], ...run, noWayBack });
    expect(ways.join('\n')).not.toMatch(/slipway rollback|verified before|last verified/);
    expect(ways[2]).toBe(`2. Nothing can be put back (${noWayBack.why}): release a fix, as follows.`);
    expect(ways[3]).toMatch(/^3\. Start what should run, a fix, while .*slipway deploy/);
  });

  it('says after a halt what helps instead of an order that would be refused, and leaves the other ways open', () => {
    const run = { releaseId: aReleaseId(), service: 'shop', environment: 'production' };
    const noWayBack = { why: 'de runs R2 by now', next: 'Where it runs still: slipway rollback R1 --region nl' };
    const ways = explain({ ...asked, open: false, outcome: 'halted', pending: [], ...run, noWayBack });
    expect(ways[2]).toBe(
      '2. An order to roll all of it back would be refused (de runs R2 by now). Where it runs still: slipway rollback R1 --region nl',
    );
    expect(ways[3]).toMatch(/^3\. Otherwise start what should run, a fix or the last verified commit, while /);
  });

  it.each(Object.entries(outcomes))(
    'names the ways on after %s if the words of that outcome promise it, and else none',
    (outcome, { says }) => {
      const [, ...ways] = explain({ ...asked, ...lane, open: false, outcome, pending: [] });
      expect(ways.length > 0).toBe(says.includes('--why names the ways on'));
    },
  );

  it('after a halted rollback it is the release that is rolled back again, and not the rollback', () => {
    const run = { releaseId: 'rollback/shop/production/1', service: 'shop', environment: 'production' };
    const why = explain({ ...asked, open: false, outcome: 'halted', ...run, pending: [] });
    expect(why[2]).toContain('slipway rollback RELEASE');
  });

  it('is never silent', () => {
    const facts = fc.record(
      {
        open: fc.boolean(),
        outcome: fc.string(),
        summary: fc.string(),
        status: fc.constant(status),
        pending: fc.array(fc.record({ step: fc.string(), attempt: fc.nat(), isTaken: fc.boolean() })),
      },
      { requiredKeys: ['open', 'pending'] },
    );
    fc.assert(
      fc.property(facts, (known) => expect(explain({ ...asked, ...known }).join('')).toMatch(/./)),
      { numRuns: 1_000 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { explain } from '../../domain/why.ts';
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
const step = { step: 'applyComponent', attempt: 1, waitsForWorker: false };

describe('explain', () => {
  it.each<[string, WhyFacts, string[]]>([
    [
      'has ended',
      { open: false, outcome: 'rejected', summary: 'rejected by kim: no', pending: [] },
      ['It has ended: rejected, rejected by kim: no.'],
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
      ['applyComponent is running: 1 of 3 pods.'],
    ],
    [
      'tries again',
      { open: true, status, pending: [{ ...step, attempt: 4, lastFailure: 'no route to host' }] },
      ['applyComponent is being tried again (attempt 4): no route to host.'],
    ],
    [
      'lost its worker',
      { open: true, status, pending: [{ ...step, attempt: 2 }] },
      ['applyComponent is being tried again (attempt 2): the last worker was lost.'],
    ],
    [
      'has no worker for a queue',
      { open: true, status, pending: [{ ...step, waitsForWorker: true }] },
      ['applyComponent waits for a worker: none has taken it. Start the worker of its task queue.'],
    ],
    [
      'waits for people',
      { open: true, status: { ...status, waitingFor: { what: 'approval', who: 'approvers', until: 0 } }, pending: [] },
      ['It waits for approval: approvers can move it, until 1970-01-01T00:00:00.000Z.'],
    ],
    [
      'has no workflow worker',
      { open: true, pending: [] },
      ['No workflow worker answers: start one, and the run goes on where it was.'],
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
    expect(explain(facts)).toEqual(lines);
  });

  it('names the ways on after a halt, in order, with their commands', () => {
    const run = { releaseId: aReleaseId(), service: 'shop', environment: 'production' };
    const [end, ...ways] = explain({ open: false, outcome: 'halted', summary: 'de is not back', ...run, pending: [] });
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

  it('after a halted rollback it is the release that is rolled back again, and not the rollback', () => {
    const run = { releaseId: 'rollback/shop/production/1', service: 'shop', environment: 'production' };
    const why = explain({ open: false, outcome: 'halted', ...run, pending: [] });
    expect(why[2]).toContain('slipway rollback RELEASE');
  });

  it('is never silent', () => {
    const facts = fc.record(
      {
        open: fc.boolean(),
        outcome: fc.string(),
        summary: fc.string(),
        status: fc.constant(status),
        pending: fc.array(fc.record({ step: fc.string(), attempt: fc.nat(), waitsForWorker: fc.boolean() })),
      },
      { requiredKeys: ['open', 'pending'] },
    );
    fc.assert(
      fc.property(facts, (known) => expect(explain(known).join('')).toMatch(/./)),
      { numRuns: 1_000 },
    );
  });
});

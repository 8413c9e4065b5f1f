import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuseDecider } from '../../domain/approval.ts';
import { courseInWords, lastNudge, mostReminders, nudgesOf, waitForApproval } from '../../domain/approval-course.ts';
import { aDecision, aPerson, aPolicy, developer } from './builders.ts';

const min = 60_000;
const hour = 60 * min;
const askedAt = Date.parse('2026-11-26T08:00:00Z');
const toLeads = (afterMs: number) => ({ escalate: { afterMs, groups: ['leads'] } });

describe('what people are told while nobody decides', () => {
  const inWords = (changes: Parameters<typeof aPolicy>[0]) =>
    nudgesOf(aPolicy(changes)).map(
      (nudge) => `${nudge.kind === 'remind' ? nudge.number : 'others'} ${nudge.afterMs / min}`,
    );

  it.each<[string, Parameters<typeof aPolicy>[0], string[]]>([
    ['nothing, where the policy says nothing', {}, []],
    [
      'with the same pause until others may',
      { remindMs: 30 * min, ...toLeads(2 * hour) },
      ['1 30', '2 60', '3 90', 'others 120'],
    ],
    ['until the wait is over', { remindMs: 30 * min, expiresMs: hour + min }, ['1 30', '2 60']],
    ['not at the moment in which it is', { remindMs: 30 * min, expiresMs: hour }, ['1 30']],
    ['that others may, alone', toLeads(2 * hour), ['others 120']],
    ['nothing that would come when the wait is over', { remindMs: hour, expiresMs: hour, ...toLeads(hour) }, []],
  ])('is told %s', (_what, changes, expected) => {
    expect(inWords(changes)).toEqual(expected);
  });

  it('is told at most so often, in its order, and never when the wait is over, whatever the policy says', () => {
    const ms = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(
        ms,
        fc.option(ms, { nil: undefined }),
        fc.option(ms, { nil: undefined }),
        (expiresMs, remindMs, afterMs) => {
          const times = { ...(remindMs && { remindMs }), ...(afterMs && toLeads(afterMs)) };
          const nudges = nudgesOf(aPolicy({ expiresMs, ...times }));
          const at = nudges.map((nudge) => nudge.afterMs);
          expect(nudges.filter(({ kind }) => kind === 'remind').length).toBeLessThanOrEqual(mostReminders);
          expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
          expect(at.every((one) => one < expiresMs)).toBe(true);
        },
      ),
    );
  });

  it('was due last as long as nothing later is', () => {
    const policy = aPolicy({ remindMs: 30 * min, ...toLeads(2 * hour) });
    expect([29 * min, 30 * min, 119 * min, 5 * hour].map((waited) => lastNudge(policy, waited)?.afterMs)).toEqual([
      undefined,
      30 * min,
      90 * min,
      2 * hour,
    ]);
  });
});

describe('who may approve, and when', () => {
  const plain = aPolicy();
  const sooner = aPolicy(toLeads(hour));
  const later = aPolicy(toLeads(3 * hour));
  const lead = aPerson('lea', 'leads');

  it.each<[string, ReturnType<typeof aPolicy>[], number | undefined, boolean]>([
    ['nobody else, where nobody says so', [plain, plain], 5 * hour, false],
    ['nobody else before the time', [sooner, sooner], hour - 1, false],
    ['others from the time on', [sooner, sooner], hour, true],
    ['nobody else by the plan alone: it was taken out of the policy', [sooner, plain], 5 * hour, false],
    ['nobody else by the policy alone: it was put in after the plan', [plain, sooner], 5 * hour, false],
    ['others as late as the later of both says', [sooner, later], 2 * hour, false],
    ['others when both let them', [sooner, later], 3 * hour, true],
    ['nobody else, where nobody knows how long it waits', [sooner, sooner], undefined, false],
  ])('is told of %s', (_what, policies, waitedMs, may) => {
    for (const kind of ['approve', 'reject'] as const) {
      const refused = refuseDecider({
        decision: aDecision(kind, { by: lead }),
        requestedBy: developer,
        policies,
        waitedMs,
      });
      expect(refused === undefined).toBe(may);
    }
  });

  it('leaves those who might before, and lets neither whoever asked for it nor an author', () => {
    const policies = [aPolicy({ ...toLeads(hour), excludeAuthors: true })];
    const by = (id: string, ...groups: string[]) =>
      refuseDecider({
        decision: aDecision('approve', { by: { ...aPerson(id, ...groups), emails: [`${id}@shop.test`] } }),
        requestedBy: developer,
        authors: ['ada@shop.test'],
        policies,
        waitedMs: hour,
      });
    expect(by('kim', 'approvers')).toBeUndefined();
    expect(by('lea', 'leads')).toBeUndefined();
    expect(by(developer.id, 'leads')).toContain('asked for this release');
    expect(by('ada', 'leads')).toContain('has written commits');
  });

  it('keeps it from whoever asked for it by the name that the file of tokens had for them, before the policy had one', () => {
    const by = (people: Record<string, { token: string }>) =>
      refuseDecider({
        decision: aDecision('approve', { by: aPerson('deborah', 'leads') }),
        requestedBy: developer,
        policies: [aPolicy(toLeads(hour))],
        people: { people, groups: { leads: { members: ['deborah'] } } },
        waitedMs: hour,
      });
    expect(by({ deborah: { token: 'dana' } })).toBe('deborah asked for this release and may not approve it');
    expect(by({ deborah: { token: 'deborah' }, dana: { token: 'dana' } })).toBeUndefined();
  });

  it('is of approvals alone: what follows a failure stays with those whom it was with', () => {
    const decision = aDecision('roll-back', { by: lead });
    const refused = refuseDecider({ decision, requestedBy: developer, policies: [sooner], waitedMs: 5 * hour });
    expect(refused).toBe('lea is not in the group approvers');
  });
});

describe('a wait for an approval', () => {
  const policy = aPolicy({ remindMs: 40 * min, ...toLeads(2 * hour) });
  const words = (minutes: number) => {
    const now = askedAt + minutes * min;
    return courseInWords(waitForApproval(policy, { askedAt, now }), now);
  };

  it('says how long nobody has decided, when people are reminded, who may later, and when it ends', () => {
    const ends = 'it ends at 2026-11-27T08:00:00.000Z';
    const leads = 'from 2026-11-26T10:00:00.000Z also leads may approve';
    expect(words(0)).toBe(`undecided for 0 min; next reminder at 2026-11-26T08:40:00.000Z; ${leads}; ${ends}`);
    expect(words(40)).toBe(`undecided for 40 min; next reminder at 2026-11-26T09:20:00.000Z; ${leads}; ${ends}`);
    expect(words(85)).toBe(`undecided for 1 h 25 min; ${leads}; ${ends}`);
    expect(words(120)).toBe(`undecided for 2 h; ${ends}`);
  });

  it('names who can move it now', () => {
    const who = (minutes: number) => waitForApproval(policy, { askedAt, now: askedAt + minutes * min }).who;
    expect([who(119), who(120)]).toEqual(['approvers', 'approvers, leads']);
  });

  it('says nothing of it where the run does not tell since when', () => {
    expect(courseInWords({ what: 'approval', who: 'approvers', until: 5 }, 1)).toBeUndefined();
  });
});

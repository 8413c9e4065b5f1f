import { quoted } from '../visible.ts';
import { changesIn, comeTo, factsIn, presentIn, textsOf, told } from './seen.ts';
import type { LookRule, SecondLook, Seen } from './seen.ts';
import type { Change } from '../plan-differences.ts';

/** Who must say yes, and what is done without asking. */
export const looksAtAuthority: LookRule = (seen) => [
  ...presentIn(seen, 'approval.required')
    .filter(({ after }) => after.value === false)
    .map(({ after }) => ({ what: told(after), why: 'a release like this one needs nobody to approve it' })),
  ...weaker(seen, 'approval.quorum', (now, then) => now < then, 'fewer people must approve than before'),
  ...weaker(seen, 'approval.expiresMs', (now, then) => now > then, 'an approval may come later than before'),
  ...presentIn(seen, 'approval.groups').flatMap((change) =>
    (seen.then ? comeTo(change) : []).map((group) => ({
      what: told({ ...change.after, text: group }),
      why: 'people may approve who could not before',
    })),
  ),
  ...weaker(seen, 'approval.escalate.afterMs', (now, then) => now < then, 'others may approve sooner than before'),
  ...presentIn(seen, 'approval.escalate.groups').flatMap((change) =>
    (seen.then ? comeTo(change) : []).map((group) => ({
      what: told({ ...change.after, text: group }),
      why: 'people may approve after a while who could not before',
    })),
  ),
  ...presentIn(seen, 'onCall').flatMap((change) =>
    (seen.then ? comeTo(change) : []).map((group) => ({
      what: told({ ...change.after, text: group }),
      why: 'people are looked to after a failure who were not before',
    })),
  ),
  ...presentIn(seen, 'approval.excludeRequester')
    .filter(({ before, after }) => after.value === false && before?.value === true)
    .map(({ after }) => ({ what: told(after), why: 'whoever asks for a release may approve it as well' })),
  ...changesIn(seen, 'approval.excludeAuthors').flatMap(({ before }) =>
    before?.value === true ? [{ what: told(before), why: 'whoever has written it may approve it now' }] : [],
  ),
  ...changed(seen, 'onBreach', 'what the engine does without asking is not what it was'),
  ...changed(seen, 'onFailure.confirm', 'whether a person is asked before a rollback is not what it was'),
  ...changed(seen, 'onFailure.partial', 'after a failure something else is done than before'),
  ...presentIn(seen, 'onFailure.onInconclusive')
    .filter(({ after }) => after.value === 'go-on')
    .map(({ after }) => ({ what: told(after), why: 'a release goes on though nobody can tell whether it is well' })),
  ...changed(seen, 'branch', 'it comes from another branch than what was verified last'),
  ...ownership(seen),
  ...images(seen),
];

function weaker(
  seen: Seen,
  pattern: string,
  isWeaker: (now: number, then: number) => boolean,
  why: string,
): SecondLook[] {
  return presentIn(seen, pattern)
    .filter(({ before, after }) => before !== undefined && isWeaker(Number(after.value), Number(before.value)))
    .map(({ before, after }) => ({ what: `${told(after)}, was ${before!.text}`, why }));
}

function changed(seen: Seen, pattern: string, why: string): SecondLook[] {
  if (!seen.then) return [];
  return changesIn(seen, pattern).map((change) => ({ what: fromTo(change), why }));
}

function fromTo({ before, after }: Change): string {
  const { what } = (after ?? before)!;
  return `${what}: ${after?.text ?? 'not there any more'}${before ? `, was ${before.text}` : ''}`;
}

/** A Deployment belongs to the component that it was verified with. */
function ownership(seen: Seen): SecondLook[] {
  const owners = (facts: Seen['now'] | undefined) =>
    factsIn(facts, 'components.*.workloads').flatMap((fact) =>
      textsOf(fact).map((deployment) => ({ deployment, component: fact.path[1] ?? '', what: fact.what })),
    );
  const now = owners(seen.now);
  const then = owners(seen.then);
  return now.flatMap(({ deployment, component, what }): SecondLook[] => {
    const said = { what: `${what}: ${quoted(deployment)}` };
    const others = now.filter((one) => one.deployment === deployment && one.component !== component);
    const before = then.filter((one) => one.deployment === deployment);
    if (before.some((one) => one.component === component)) return [];
    if (before.length > 0)
      return [{ ...said, why: 'this Deployment was of another component when it was verified last' }];
    if (others.length > 0) return [{ ...said, why: 'two components change this Deployment' }];
    return seen.then ? [{ ...said, why: 'no release that was verified here last has changed this Deployment' }] : [];
  });
}

function images(seen: Seen): SecondLook[] {
  const known = factsIn(seen.then, 'components.*.image.repository').map(({ value }) => value);
  return [
    ...presentIn(seen, 'components.*.image.repository')
      .filter(({ before, after }) => before !== undefined || (seen.then !== undefined && !known.includes(after.value)))
      .map(({ after }) => ({ what: told(after), why: 'the image comes from another repository than before' })),
    ...presentIn(seen, 'components.*.image').map(({ after }) => ({
      what: told(after),
      why: 'the image is not named by its digest, so that it may be another one later',
    })),
    ...presentIn(seen, 'components.*.origin')
      .filter(({ after }) => after.value === 'given')
      .map(({ after }) => ({ what: told(after), why: 'somebody else has built this image' })),
    ...presentIn(seen, 'components.*.given').map(({ after }) => ({
      what: told(after),
      why: 'it was given to a release before, and no build here has made it',
    })),
    ...promotion(seen),
  ];
}

/** What had to be verified elsewhere first, and has to no more, or elsewhere, or longer ago. */
function promotion(seen: Seen): SecondLook[] {
  const wasPromoted = ({ before, after }: Change) => before?.value === 'promoted' && after?.value !== 'given';
  const isOlder = ({ before, after }: Change) => before && !(Number(after?.value) <= Number(before.value));
  return [
    ...presentIn(seen, 'components.*.origin')
      .filter(wasPromoted)
      .map((change) => ({ what: fromTo(change), why: 'what was verified last was promoted, and this image is not' })),
    ...presentIn(seen, 'promotion.environment')
      .filter(({ before }) => before !== undefined)
      .map((change) => ({ what: fromTo(change), why: 'images were verified elsewhere than those of before' })),
    ...changesIn(seen, 'promotion.maxAgeMs')
      .filter(isOlder)
      .map((change) => ({ what: fromTo(change), why: 'images may have been verified longer ago than before' })),
  ];
}

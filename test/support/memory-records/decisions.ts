import type { Records } from '../../../activities/records/port.ts';
import type { Breach } from '../../../domain/contract/breach.ts';
import type { Decision, SignedDecision } from '../../../domain/contract/decisions.ts';
import { laneInPath } from '../../../domain/contract/names.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { standsRefused } from '../../../domain/refused-decisions.ts';
import { answering, copy, requireReadable, same, storable } from './stored.ts';
import type { Clock } from './stored.ts';

export function memoryDecisions(
  clock: Clock,
  { beganAt, hasEnded }: { beganAt(workflowId: string): number | undefined; hasEnded(workflowId: string): boolean },
): Records['decisions'] & { countAbout(ids: readonly string[]): { decisions: number; standing: number } } {
  const all: { signed: SignedDecision; storedAt: number; refused?: string }[] = [];
  const byId = (id: string) => all.find(({ signed }) => signed.decision.id === id);
  const of = (releaseId: string) => all.filter(({ signed }) => signed.decision.releaseId === releaseId);
  const stands = (decision: Decision) => {
    const { releaseId: id } = decision;
    return standsRefused(decision, { hasBegun: beganAt(id) !== undefined, hasEnded: hasEnded(id) });
  };
  return {
    countAbout(ids) {
      const about = all.filter(({ signed }) => ids.includes(signed.decision.releaseId));
      return { decisions: about.length, standing: about.filter(({ refused }) => refused === undefined).length };
    },
    store: answering((signed) => {
      requireReadable(signed);
      const known = byId(signed.decision.id);
      if (!known) all.push({ signed: copy(signed), storedAt: clock() });
      if (known && !same(known.signed.decision, signed.decision))
        throw failure('SLIP-REC-2', `decision ${signed.decision.id} is stored with other content`);
    }),
    list: answering((releaseId) => of(releaseId).map(({ signed }) => signed)),
    weigh: answering((releaseId) =>
      of(releaseId).map(({ signed, storedAt, refused }) => ({
        ...signed,
        afterChange: storedAt >= (beganAt(releaseId) ?? Infinity),
        ...(refused !== undefined && { refused }),
      })),
    ),
    refuse: answering((id, reason) => {
      const known = byId(id);
      if (known && !stands(known.signed.decision)) known.refused ??= storable(reason);
      return known === undefined || known.refused !== undefined;
    }),
    find: answering((id) => byId(id)?.signed),
    ordersBack: answering(({ service, environment, among, limit, before = Infinity, open = false }) =>
      all
        .map(({ signed }, at) => ({ signed, number: at + 1 }))
        .filter(({ signed: { decision } }) => decision.run?.startsWith('rollback/'))
        .filter(({ signed: { decision } }) => !open || !hasEnded(decision.run!))
        .filter(({ signed: { decision }, number }) => {
          const [, ofService, ofEnvironment] = decision.releaseId.split('/');
          const isOfLane = (service ?? ofService) === ofService && (environment ?? ofEnvironment) === ofEnvironment;
          const isAmong = among?.some((lane) => laneInPath(lane) === `${ofService}/${ofEnvironment}`) ?? true;
          return isOfLane && isAmong && number < before;
        })
        .reverse()
        .slice(0, limit),
    ),
    consume: answering(({ releaseId, planHash, decisionIds }) => {
      for (const id of decisionIds) {
        const decision = byId(id)?.signed.decision;
        if (!decision) throw failure('SLIP-REC-3', `decision ${id}`);
        const fits = decision.kind === 'approve' && decision.planHash === planHash && decision.releaseId === releaseId;
        if (!fits) throw failure('SLIP-REC-2', `decision ${id} is no approval of plan ${planHash} of ${releaseId}`);
      }
    }),
  };
}

export function memoryBreaches(): Records['breaches'] {
  const all = new Map<string, Breach>();
  return {
    record: answering((breach) => {
      const known = all.get(breach.id) ?? copy(breach);
      all.set(breach.id, known);
      if (!same(known, breach)) throw failure('SLIP-REC-2', `breach ${breach.id} is stored with other content`);
    }),
    find: answering((id) => all.get(id)),
  };
}

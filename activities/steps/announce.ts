import { announcementOf } from '../../domain/announcements.ts';
import type { KnownOfRun } from '../../domain/announcements.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import { lookedTo } from '../../domain/deciders.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Notifier } from '../notify/port.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { approvalStanding } from './approval-standing.ts';
import { heardAmong } from './heard.ts';
import type { OrderDependencies } from './order-of-run.ts';
import { planHashOf, recordedOutcome } from './recorded-result.ts';
import { recordedSubject } from './recorded-targets.ts';
import { thisRun } from './touching.ts';
import type { EngineSteps } from './types.ts';

export interface AnnounceDependencies extends OrderDependencies {
  records: Pick<Records, 'attempts' | 'breaches' | 'clock' | 'decisions' | 'plans'>;
  verifier: Verifier;
  notifierFor: (targets: ReleaseSpec['notify']) => Notifier;
}

/**
 * Tells people about the run that asks, in the engine's own words, where its own record says. Nobody hears of a run of which nothing is on
 * record. Throws SLIP-REL-10 (terminal) for one that is over, SLIP-REL-1 (terminal) for a message about nothing that is on record.
 */
export function createAnnounce(deps: AnnounceDependencies): EngineSteps['announce'] {
  const { records, notifierFor } = deps;
  return async (said) => {
    const { workflowId: run } = thisRun();
    const [lane, subject] = [laneOfRun(run), await recordedSubject(deps, run)];
    if (!lane || !subject) return;
    if ((await recordedOutcome(records, run)) !== undefined)
      throw failure('SLIP-REL-10', `${run} has ended: nobody is told of it any more`);
    const plan = await planOf(records, subject.releaseId);
    const asks = said.message === 'approval-reminder' || said.message === 'approval-escalated';
    const standing = asks ? await approvalStanding(deps, subject.releaseId) : undefined;
    // Decided while this step was on its way: nobody has to do anything any more.
    if (standing && standing.verdict.kind !== 'waiting') return;
    const retries = said.message === 'held' ? await retriesOf(deps, run) : 0;
    const { spec } = subject;
    const names = namesIn(spec);
    const message = announcementOf(said, {
      run,
      lane,
      names,
      lookedTo: lookedTo(spec),
      retries,
      ...(plan && { plan }),
      ...(standing && { waits: standing }),
    });
    if (!message) throw failure('SLIP-REL-1', `${run} has nothing of that kind to tell people`);
    await notifierFor(spec.notify).notify({ run, ...message });
  };
}

/** How often people have said, signed, that it is to be tried again. */
async function retriesOf({ records, verifier }: OrderDependencies, run: string): Promise<number> {
  return heardAmong(await records.decisions.weigh(run), verifier).filter(({ kind }) => kind === 'retry').length;
}

/** In force; undefined before there is one. */
async function planOf({ plans }: Pick<Records, 'plans'>, releaseId: string): Promise<KnownOfRun['plan']> {
  const hash = await planHashOf(plans, releaseId);
  const plan = hash === undefined ? undefined : await plans.find(hash);
  return plan && hash !== undefined ? { ...plan, hash } : undefined;
}

function namesIn({ regions, components, migrations, gates = [] }: ReleaseSpec): string[] {
  const named = [...regions, ...components].map(({ name }) => name);
  return [...new Set([...named, ...migrations.map(({ database }) => database), ...gates])];
}

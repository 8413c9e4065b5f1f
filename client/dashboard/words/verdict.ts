import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { decisionWords } from './decisions.ts';
import type { Tone } from './states.ts';
import { shownRun } from './states.ts';

/** What a page says first: one sentence, and what is to be known with it. */
export interface Verdict {
  tone: Tone;
  icon: string;
  says: string;
  beside: string[];
}

/** In the engine's own words: what it does, why it does not move, or how it has ended. */
export function verdictOf(view: ReleaseView): Verdict {
  const { icon, tone } = shownRun(view);
  return { icon, tone, ...sentenceOf(view) };
}

function sentenceOf(view: ReleaseView): { says: string; beside: string[] } {
  const { status, why, outcome, summary } = view;
  const beside = where(view);
  if (outcome !== undefined) return { says: ended(outcome, summary), beside };
  if (!status) return { says: why[0] ?? 'Nobody says how it stands.', beside };
  const { failure, waitingFor } = status;
  if (status.stage === 'held' && failure) return { says: `${failedIn(view)}: ${failure.title}.`, beside };
  if (waitingFor) return { says: `Waits for ${waitingFor.what}: ${decisionWords(waitingFor)}.`, beside };
  return { says: sentence(status.doing), beside };
}

function failedIn({ status }: ReleaseView): string {
  const failed = (status?.regions ?? []).filter(({ phase }) => phase === 'failed').map(({ region }) => region);
  return failed.length === 0 ? 'It failed' : `${failed.join(', ').toUpperCase()} failed`;
}

/** How each region stands, those alike together: `DE is verified.` */
function where({ status }: ReleaseView): string[] {
  const by = Map.groupBy(status?.regions ?? [], ({ phase }) => phase);
  return [...by].flatMap(([phase, regions]) => {
    const names = regions.map(({ region }) => region.toUpperCase()).join(', ');
    if (phase === 'verified') return [`${names} ${regions.length === 1 ? 'is' : 'are'} verified.`];
    return [];
  });
}

function ended(outcome: string, summary = ''): string {
  return summary === '' ? sentence(outcome) : sentence(summary);
}

function sentence(words: string): string {
  const first = words.split('\n')[0] ?? '';
  const begun = first.charAt(0).toUpperCase() + first.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

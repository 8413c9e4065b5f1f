import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';

/** A line of the engine's, in what it is made of. */
export interface WhyLine {
  parts: WhyPart[];
  /** Commands that it names: shown to be copied, and not in the sentence. */
  commands: string[];
}

export type WhyPart = { kind: 'text'; text: string } | { kind: 'time'; at: number };

type Said = Pick<ReleaseView, 'why' | 'status' | 'troubles' | 'outcome'>;

const times = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z/g;

/** Why it does not move. What stands above already is not said again: what is wrong with it, how it has ended, its failure. */
export function whyLines({ why, status, troubles = [], outcome }: Said): WhyLine[] {
  const { failure } = status ?? {};
  const begins = failure && `${failure.code} ${failure.title}`;
  return why.flatMap((line) => {
    if (troubles.includes(line) || (outcome !== undefined && line.startsWith(`It has ended: ${outcome}`))) return [];
    if (begins === undefined || !line.startsWith(begins)) return [whyLine(line)];
    const since = / (Held since [^ ]+Z\.)$/.exec(line)?.[1];
    return since === undefined ? [] : [whyLine(since)];
  });
}

export function whyLine(line: string): WhyLine {
  const commands = [...line.matchAll(/`([^`]{1,1000})`/g)].map(([, command = '']) => command);
  const said = line.replace(/:? `[^`]{1,1000}`(?:, `[^`]{1,1000}`)*/g, '').replace(/ ([.,;])/g, '$1');
  return { parts: partsOf(said), commands };
}

function partsOf(text: string): WhyPart[] {
  const parts: WhyPart[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(times)) {
    const at = Date.parse(found);
    if (Number.isNaN(at)) continue;
    parts.push({ kind: 'text', text: visible(text.slice(from, index)) }, { kind: 'time', at });
    from = index + found.length;
  }
  parts.push({ kind: 'text', text: visible(text.slice(from)) });
  return parts.filter((part) => part.kind === 'time' || part.text !== '');
}

import { isChainOf } from '../../../domain/audit-chain.ts';
import type { AuditPage } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import type { Tone } from './states.ts';

/** What a person did in a lane, by the audit. */
export interface Deed {
  key: string;
  at: number;
  who: string;
  did: string;
  reason?: string;
  icon: string;
  tone: Tone;
}

const mostShown = 8;

const known: Record<string, { did: string; icon: string; tone: Tone } | undefined> = {
  freeze: { did: 'froze it', icon: 'snow', tone: 'live' },
  unfreeze: { did: 'unfroze it', icon: 'pass', tone: 'good' },
  'clear-hold': { did: 'cleared a hold', icon: 'pass', tone: 'good' },
  'clear-ticket': { did: 'had a ticket passed over', icon: 'pass', tone: 'mute' },
};

/** The newest first. What people decided about runs is told by the word that the audit has for it. */
export function deedsOf(rows: AuditPage['rows']): Deed[] {
  return [...rows]
    .sort((one, other) => other.at - one.at)
    .slice(0, mostShown)
    .map(({ key, at, who, what, facts }) => {
      const { reason } = facts;
      const { did, icon, tone } = known[what] ?? { did: visible(what), icon: 'next', tone: 'mute' as const };
      const said = typeof reason === 'string' && reason !== '' ? visible(firstSentence(reason)) : undefined;
      return { key, at, who: visible(who), did, icon, tone, ...(said !== undefined && { reason: said }) };
    });
}

/** Where what people order and decide is written: by the gateway, in a chain of its own where processes have logins of their own. */
export function chainsOfPeople(lane: string, chains: readonly { lane: string }[]): string[] {
  return chains
    .map((chain) => chain.lane)
    .filter((chain) => isChainOf(lane, chain) && /(?:^[^@]*|@gateway)$/.test(chain));
}

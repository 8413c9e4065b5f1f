import { isChainOf } from '../../../domain/audit-chain.ts';
import type { AuditPage } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { plural } from '../../cli/words.ts';
import { runInWords } from './lane-now.ts';
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

const orders = {
  freeze: { did: 'froze it', icon: 'snow', tone: 'live' },
  unfreeze: { did: 'unfroze it', icon: 'pass', tone: 'good' },
  'clear-hold': { did: 'cleared a hold', icon: 'pass', tone: 'good' },
  'clear-ticket': { did: 'had a stray ticket ignored', icon: 'pass', tone: 'mute' },
} satisfies Record<string, { did: string; icon: string; tone: Tone }>;

function orderCalled(what: string): { did: string; icon: string; tone: Tone } | undefined {
  return Object.hasOwn(orders, what) ? orders[what as keyof typeof orders] : undefined;
}

/** The newest rows of a chain. */
interface EndOfChain extends Pick<AuditPage, 'rows'> {
  chain: string;
}

/** That nobody is among them, and of how many that is said where there are older ones. */
export function nobodyIn(ends: readonly EndOfChain[]): string {
  const parts = ends.filter(({ rows }) => (rows[0]?.n ?? 1) > 1);
  const among = parts.map(({ chain, rows }) => `the last ${plural(rows.length, 'row')} of ${visible(chain)}`);
  return `Nobody has ordered or decided anything here${among.length === 0 ? '' : ` among ${among.join(', and ')}`}.`;
}

/** What people decide about runs is called so in the audit; steps are called otherwise. */
const decision = /^decision ([a-z -]{1,60})$/;

/** The newest first: what people ordered and decided, and nothing of what steps have written beside it. */
export function deedsOf(rows: AuditPage['rows']): Deed[] {
  return rows
    .filter(({ what }) => orderCalled(what) !== undefined || decision.test(what))
    .sort((one, other) => other.at - one.at)
    .slice(0, mostShown)
    .map(({ key, at, who, what, facts }) => {
      const { reason } = facts;
      const { did, icon, tone } = orderCalled(what) ?? {
        did: decided(what, facts),
        icon: 'person',
        tone: 'mute' as const,
      };
      const said = typeof reason === 'string' && reason !== '' ? visible(firstSentence(reason)) : undefined;
      return { key, at, who: visible(who), did, icon, tone, ...(said !== undefined && { reason: said }) };
    });
}

/** `said approve about release 4f0c2b9`; of what was not taken from them, that it was not. */
function decided(what: string, { releaseId }: Record<string, unknown>): string {
  const kind = (decision.exec(what)?.[1] ?? what).replaceAll('-', ' ');
  const about = typeof releaseId === 'string' ? ` about ${runInWords(releaseId)}` : '';
  return kind.endsWith(' refused')
    ? `was refused: ${kind.slice(0, -' refused'.length)}${about}`
    : `said ${kind}${about}`;
}

/** Where what people order and decide is written: by the gateway, in a chain of its own where processes have logins of their own. */
export function chainsOfPeople(lane: string, chains: readonly { lane: string }[]): string[] {
  return chains
    .map((chain) => chain.lane)
    .filter((chain) => isChainOf(lane, chain) && /(?:^[^@]*|@gateway)$/.test(chain));
}

import type { ChainEndRecords, EvidenceSeal } from '../../activities/records/port.ts';
import type { EvidenceDestination } from '../../activities/shared/evidence-destinations.ts';
import { sha256 } from '../../activities/shared/sha256.ts';
import { createVerifier } from '../../activities/shared/signatures.ts';
import type { Signer, Verifier } from '../../activities/shared/signatures.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { mostEndsOfStatement } from '../../domain/audit-proof.ts';
import type { ChainEnds, LaneEnd } from '../../domain/contract/evidence.ts';
import { repeating } from './repeating.ts';
import { lateMs, Shipping, slowRecords } from './shipping.ts';

export interface EvidenceParts {
  records: { chainEnds: ChainEndRecords };
  signer: Pick<Signer, 'signEnds' | 'signShipment' | 'publicKeyPem'>;
  verifier: Pick<Verifier, 'verifyEnds' | 'verifyShipment'>;
  destinations: EvidenceDestination[];
  now: () => number;
  /** For the log: what could not be signed or sent, and that it goes on. */
  report: (line: string) => void;
  /** ms between looks when nobody decides anything. */
  everyMs?: number;
  /** ms before what could not be sent is tried again. */
  retryMs?: number;
  /** ms that a destination has to answer. */
  limitMs?: number;
}

export interface Evidence {
  /** Something was decided: the ends are signed and sent as soon as can be, and nobody waits for it. */
  soon(): void;
  /** What cannot be signed or sent at present, one line each, with since when. */
  problems(): string[];
  /** Resolves when what was under way is done. */
  stop(): Promise<void>;
}

/**
 * Signs where the lanes of the audit end, and sends it out of reach of those who can write to the records. Each destination has a queue of its
 * own, which is the records': one that is slow or away keeps neither the signing nor any other waiting.
 */
export function startEvidence(parts: EvidenceParts): Evidence {
  const { destinations, everyMs = 60_000, retryMs = 5_000, limitMs = 10_000, records, now } = parts;
  const seal = sealOf(parts);
  const open = new Map<string, string>();
  const watched = (what: string, work: () => Promise<void>) =>
    repeating(
      () => attempt(parts, open, { what, work }),
      (isWell) => (isWell ? everyMs : retryMs),
    );

  const queues = destinations.map((destination) => new Shipping(destination, { records, seal, now, limitMs }));
  const shipping = queues.map((queue, i) => watched(`sent to ${destinations[i]?.name}`, () => queue.all()));
  const sign = stating(parts, seal);
  let signingSince: number | undefined;
  let isEnding = false;
  const signing = watched('signed', async () => {
    signingSince = now();
    const ship = () => shipping.forEach((each) => each.soon());
    await sign(() => {
      ship();
      return !isEnding;
    }).finally(() => {
      signingSince = undefined;
      // Also where nothing could be signed: what was signed before, by whichever gateway, is sent.
      ship();
    });
  });
  const slow = () => (signingSince === undefined || now() - signingSince <= lateMs ? [] : [slowSince(signingSince)]);

  signing.soon();
  return {
    soon: signing.soon,
    problems: () => [...open.values(), ...slow(), ...queues.flatMap((queue) => queue.behind() ?? [])],
    async stop() {
      isEnding = true;
      queues.forEach((queue) => queue.end());
      // In this order: what is signed last is still sent, where nothing old waits before it.
      await signing.stop();
      await Promise.all(shipping.map((each) => each.stop()));
    },
  };
}

/** What it has signed itself counts also where nobody has its public key any more, as when the private one has leaked. */
function sealOf({ signer, verifier }: EvidenceParts): EvidenceSeal {
  const own = createVerifier([signer.publicKeyPem]);
  return {
    signShipment: (shipment) => signer.signShipment(shipment),
    verifyShipment: (signed) => own.verifyShipment(signed) || verifier.verifyShipment(signed),
    verifyEnds: (signed) => own.verifyEnds(signed) || verifier.verifyEnds(signed),
  };
}

/**
 * Says what has moved since this process last said something; at first, everything. What moves meanwhile is said the next time: nobody who writes
 * without end keeps others from being said. `after`: each statement; whether it is to go on.
 */
function stating({ records, signer, now }: EvidenceParts, seal: EvidenceSeal): (after: () => boolean) => Promise<void> {
  const said = new Map<string, string>();
  let last = 0;
  /** Of these lanes, or of all. Answers those that are left. */
  const sayOf = async (lanes?: ReadonlySet<string>): Promise<ReadonlySet<string>> => {
    let moved: LaneEnd[] = [];
    let statement: ChainEnds | undefined;
    await records.chainEnds.add(seal, ({ n, before, installation, ends }) => {
      const known = before?.statement.n ?? 0;
      if (known < last) throw new Error(goneSince(known, last));
      moved = ends.filter(({ lane, hash }) => said.get(lane) !== hash && (lanes?.has(lane) ?? true));
      // Also to have the last word, after what somebody has put there who has no key: it is passed over once, and not each time.
      const isLast = n === known + 1;
      if (moved.length === 0 && isLast) return undefined;
      const previous = sha256(before ? canonicalJson(before) : '');
      statement = { n, at: now(), installation, ends: moved.slice(0, mostEndsOfStatement), previous };
      return signer.signEnds(statement);
    });
    last = Math.max(last, statement?.n ?? 0);
    for (const { lane, hash } of statement?.ends ?? []) said.set(lane, hash);
    return new Set(moved.slice(mostEndsOfStatement).map(({ lane }) => lane));
  };
  return async (after) => {
    let left = await sayOf();
    while (left.size > 0 && after()) left = await sayOf(left);
  };
}

function slowSince(since: number): string {
  return `the ends of the audit are being signed since ${new Date(since).toISOString()}: ${slowRecords}`;
}

/** What was not sent before has nobody who knows of it, but whoever has signed it. */
function goneSince(n: number, last: number): string {
  return `statements ${n + 1} to ${last}, which this gateway has signed, are on record no more: whoever owns the records has taken them away, or a backup was restored, or a replica took over that had not got them. Compare what was sent (slipway audit verify), then start the gateway again`;
}

/** False when it failed. What is `open` stays so until it succeeds, with when it first failed. */
async function attempt(
  { report, now }: EvidenceParts,
  open: Map<string, string>,
  { what, work }: { what: string; work: () => Promise<void> },
): Promise<boolean> {
  try {
    await work();
    if (open.delete(what)) report(`the ends of the audit are ${what} again`);
    return true;
  } catch (error) {
    const words = `the ends of the audit could not be ${what}: ${error instanceof Error ? error.message : String(error)}`;
    if (!open.has(what)) open.set(what, `${words} (since ${new Date(now()).toISOString()})`);
    report(words);
    return false;
  }
}

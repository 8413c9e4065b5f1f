import type { ChainEndRecords } from '../../activities/records/port.ts';
import type { EvidenceDestination } from '../../activities/shared/evidence-destinations.ts';
import { sha256 } from '../../activities/shared/sha256.ts';
import type { Signer } from '../../activities/shared/signatures.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { ChainEnds, LaneEnd } from '../../domain/contract/evidence.ts';

export interface EvidenceParts {
  records: { chainEnds: ChainEndRecords };
  signer: Signer;
  destinations: EvidenceDestination[];
  now: () => number;
  /** For the log: what could not be signed or sent. */
  report: (line: string) => void;
  /** ms between looks when nobody decides anything. */
  everyMs?: number;
  /** ms before what could not be sent is tried again. */
  retryMs?: number;
}

export interface Evidence {
  /** Something was decided: the ends are signed and sent as soon as can be, and nobody waits for it. */
  soon(): void;
  /** Resolves when what was under way is done. */
  stop(): Promise<void>;
}

/** Signs where the lanes of the audit end, and sends it out of reach of those who can write to the records. */
export function startEvidence(parts: EvidenceParts): Evidence {
  const { destinations, everyMs = 60_000, retryMs = 5_000 } = parts;
  const state = stating(parts);
  let running: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const round = async (): Promise<boolean> => {
    const done = await Promise.all([
      attempt(parts, 'the ends of the audit could not be signed', state),
      // Each for itself: one that is away keeps no other waiting.
      ...destinations.map((destination) =>
        attempt(parts, `the ends of the audit could not be sent to ${destination.name}`, () =>
          ship(parts, destination),
        ),
      ),
    ]);
    return done.every(Boolean);
  };

  const run = async (): Promise<void> => {
    let isWell: boolean;
    do {
      again = false;
      // Twice: what is signed in the first is sent in the second at the latest.
      isWell = (await round()) && (await round());
    } while (again);
    running = undefined;
    if (!stopped) timer = setTimeout(soon, isWell ? everyMs : retryMs).unref();
  };

  const soon = (): void => {
    again = true;
    if (running || stopped) return;
    clearTimeout(timer);
    running = run();
  };

  soon();
  return {
    soon,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Says what has moved since this process last said something; at first, everything. */
function stating({ records, signer, now }: EvidenceParts): () => Promise<void> {
  const said = new Map<string, string>();
  return async () => {
    let moved: LaneEnd[] = [];
    await records.chainEnds.add(({ signed: before, installation, ends }) => {
      moved = ends.filter(({ lane, hash }) => said.get(lane) !== hash);
      if (moved.length === 0) return undefined;
      const statement: ChainEnds = {
        n: (before?.statement.n ?? 0) + 1,
        at: now(),
        installation,
        ends: moved,
        previous: sha256(before ? canonicalJson(before) : ''),
      };
      return signer.signEnds(statement);
    });
    for (const { lane, hash } of moved) said.set(lane, hash);
  };
}

async function ship({ records }: EvidenceParts, { name, send }: EvidenceDestination): Promise<void> {
  while (await records.chainEnds.shipNext(name, send));
}

async function attempt({ report }: EvidenceParts, what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    report(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

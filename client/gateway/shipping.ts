import type { ChainEndRecords, EvidenceSeal, Shipped } from '../../activities/records/port.ts';
import type { EvidenceDestination } from '../../activities/shared/evidence-destinations.ts';
import type { ChainEnds, SignedChainEnds, SignedShipment } from '../../domain/contract/evidence.ts';
import { sendingTo } from './sending.ts';

export interface ShippingParts {
  records: { chainEnds: Pick<ChainEndRecords, 'shipNext'> };
  seal: EvidenceSeal;
  now: () => number;
  /** ms that a destination has to answer. */
  limitMs: number;
}

/** What takes or has waited for longer is told. */
export const lateMs = 60_000;

/** What one destination has not got yet, in order. */
export class Shipping {
  readonly #name: string;
  readonly #parts: ShippingParts;
  readonly #send: (signed: SignedChainEnds) => Promise<void>;
  #last: SignedShipment | undefined;
  #waiting: ChainEnds | undefined;
  #askedAt: number | undefined;
  #isEnding = false;

  constructor(destination: EvidenceDestination, parts: ShippingParts) {
    this.#name = destination.name;
    this.#parts = parts;
    this.#send = sendingTo(destination, parts.limitMs);
  }

  /** Sends all there are. Throws what kept it from that, and what was not as it should be on record: nothing is kept back for that. */
  async all(): Promise<void> {
    const wrong = new Set<string>();
    try {
      let came: Shipped['came'];
      do came = await this.#next(wrong);
      while (came === 'sent');
      if (came === 'no more') this.#waiting = undefined;
    } catch (error) {
      // The records do not answer: what they have said before is told all the same.
      wrong.add(inWords(error));
    }
    if (wrong.size > 0) throw new Error([...wrong].join('; '));
  }

  /** Says from when on nothing was sent, where that is long ago: a destination is away, or was, or is new, or nobody knows any more how far it has got them. */
  behind(): string | undefined {
    const [waiting, asked] = [this.#waiting, this.#askedAt];
    if (waiting && this.#isLate(waiting))
      return `the ends of the audit, from statement ${waiting.n} of ${isoOf(waiting)} on, have not reached ${this.#name} yet`;
    if (asked !== undefined && this.#isLate({ at: asked }))
      return `what ${this.#name} has not got yet is looked for since ${isoOf({ at: asked })}: ${slowRecords}`;
    return undefined;
  }

  /** From now on nothing is sent that would have been late in any case. */
  end(): void {
    this.#isEnding = true;
  }

  /** Adds to `wrong` what is to be told of it. */
  async #next(wrong: Set<string>): Promise<Shipped['came']> {
    const { records, seal } = this.#parts;
    const send = (signed: SignedChainEnds) => this.#sendOne(signed);
    const last = this.#last;
    this.#askedAt = this.#parts.now();
    const shipped = await records.chainEnds
      .shipNext(this.#name, send, { seal, last })
      .finally(() => (this.#askedAt = undefined));
    const { receipt, gone, strange } = shipped;
    this.#last = receipt;
    if (strange.length > 0) wrong.add(strangeIn(strange));
    if (gone) wrong.add(goneInWords[gone](this.#name, last?.shipment.n));
    if (shipped.came === 'refused') wrong.add(inWords(shipped.refusal));
    return shipped.came;
  }

  async #sendOne(signed: SignedChainEnds): Promise<void> {
    this.#waiting = signed.statement;
    if (this.#isEnding && this.#isLate(signed.statement))
      throw new Error(`this gateway ends: from statement ${signed.statement.n} on they are sent when one runs`);
    await this.#send(signed);
  }

  #isLate({ at }: { at: number }): boolean {
    return this.#parts.now() - at > lateMs;
  }
}

const isoOf = ({ at }: { at: number }) => new Date(at).toISOString();

export const slowRecords = `the records are slow, or somebody with a login of theirs has written much there that is nobody's`;

const inWords = (error: unknown) => (error instanceof Error ? error.message : String(error));

function strangeIn(numbers: readonly number[]): string {
  const which = numbers.length === 1 ? `statement ${numbers[0]}` : `${numbers.length} statements from ${numbers[0]} on`;
  return `${which} on record no gateway has signed whose key is known here: whoever has a gateway's login may have written that. It is not sent`;
}

const goneInWords = {
  receipt: (name: string, n: number | undefined) =>
    `that ${name} has got them up to ${n} was on record no more, or was never written: whoever may write to the records has taken it away, or a backup was restored, or a replica took over. It is noted again`,
  statements: (name: string, n: number | undefined) =>
    `statement ${n}, which ${name} has got, is on record no more, or another in its place: whoever owns the records has done that, or a backup was restored, or a replica took over that had not got it. What is there now is sent. Compare what was sent (slipway audit verify)`,
};

import { sha256 } from '../../activities/shared/sha256.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { answerOf } from './errors.ts';
import { repeating } from './repeating.ts';
import { placeOf, toldAfter, withTold } from './told.ts';
import type { Told } from './told.ts';

/** While it cannot be looked at, ms. */
const retryMs = 2_000;

/** ms until the next look at a run in which nothing has moved for so long: whoever has waited for minutes waits a little for the news of it, too. */
export function pauseAfter(stillMs: number): number {
  return Math.min(3_000, Math.max(500, stillMs / 100));
}

export interface Looking {
  look: () => Promise<ReleaseView>;
  /** What went wrong in here, for the gateway's own log. */
  log: (error: unknown) => void;
}

/** Told of when somebody watches again, when nobody does any more, and that it is over. */
interface Household {
  joined(): void;
  left(): void;
  over(): void;
}

/** A run that is looked at for all who watch it, and what they are told of it. */
export class Watching {
  /** Resolves with its first state; rejects with why there is none, for all who have waited for it. */
  readonly first: Promise<void>;
  readonly #first = Promise.withResolvers<void>();
  readonly #looking;
  readonly #given: Looking & Household;
  readonly #watchers = new Set<() => void>();
  #told: Told[] = [];
  #stillMs = 0;
  #isOver = false;
  #isStopped = false;

  constructor(given: Looking & Household) {
    this.#given = given;
    this.first = this.#first.promise;
    this.first.catch(() => {});
    this.#looking = repeating(
      () => this.#look(),
      (isWell) => this.#pause(isWell),
    );
    this.#looking.soon();
  }

  /** Whether nothing comes any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether that is so though the run goes on. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  placeOf(id: string | undefined): number {
    return placeOf(this.#told, id);
  }

  after(nth: number): Told | undefined {
    return toldAfter(this.#told, nth);
  }

  /** Calls it whenever there is something new, until what is returned is called. */
  watch(tell: () => void): () => void {
    this.#watchers.add(tell);
    this.#given.joined();
    return () => {
      if (this.#watchers.delete(tell) && this.#watchers.size === 0 && !this.#isOver) this.#given.left();
    };
  }

  /** Something may have changed. */
  soon(): void {
    this.#looking.soon();
  }

  /** Resolves when no look is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#end();
    this.#tellAll();
    await this.#looking.stop();
  }

  async #look(): Promise<boolean> {
    const view = await this.#given.look().catch((error: unknown) => this.#failed(error));
    if (view && !this.#isOver) this.#seen(view);
    this.#first.resolve();
    if (this.#isOver) void this.#looking.stop();
    this.#tellAll();
    return view !== undefined;
  }

  #pause(isWell: boolean): number {
    const ms = isWell ? pauseAfter(this.#stillMs) : retryMs;
    this.#stillMs += ms;
    return ms;
  }

  #seen(view: ReleaseView): void {
    const state = stateOf(view);
    if (this.#told.at(-1)?.id !== state.id) {
      this.#told = withTold(this.#told, state);
      this.#stillMs = 0;
    }
    if (view.open || view.outcome === undefined) return;
    this.#told = withTold(this.#told, eventOf('end', { outcome: view.outcome }));
    this.#end();
  }

  #failed(error: unknown): void {
    if (this.#told.length === 0) {
      this.#first.reject(error);
      return this.#end();
    }
    const { status, body } = answerOf(error);
    const trouble = eventOf('trouble', { error: body });
    if (this.#told.at(-1)?.text === trouble.text) return;
    if (status === 500) this.#given.log(error);
    this.#told = withTold(this.#told, trouble);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#given.over();
  }

  #tellAll(): void {
    for (const tell of this.#watchers) tell();
  }
}

function stateOf(view: ReleaseView): Omit<Told, 'nth'> {
  const { event, text } = eventOf('release', view);
  const id = sha256(text).slice(0, 32);
  return { event, id, text: `id: ${id}\n${text}` };
}

function eventOf(event: Told['event'], data: object): Omit<Told, 'nth'> {
  return { event, text: `event: ${event}\ndata: ${JSON.stringify(data)}\n\n` };
}

import { randomUUID } from 'node:crypto';
import { sha256 } from '../../activities/shared/sha256.ts';
import type { Picture } from '../../activities/records/port.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import { Refused } from '../gateway/errors.ts';
import { listReleases } from '../gateway/release-list.ts';
import { draw, hasEnded } from './draw.ts';
import type { Drawing } from './draw.ts';
import { drawRun } from './message.ts';
import type { Shown } from './message.ts';
import type { SlackParts } from './parts.ts';
import { shownOf } from './picture-facts.ts';
import { Lost } from './post-once.ts';
import { waitOf } from './slack-errors.ts';

/** Each look asks the records and a worker; what is not looked at in one round is in the next. */
const mostLooks = 30;
/** Of these, runs that are over and not shown so: the others are open. */
const mostUnfinished = 10;
/** ms between two changes of one message: Slack takes 50 a minute of all of them. */
const leastMs = 3_000;
/** ms that one gateway has a picture for, from each thing that it puts on record: far longer than what Slack may take for the next. */
const takenMs = 30_000;
/** ms for which what another gateway has drawn of the same facts is left alone: one of another version would draw its own again at once. */
const leftMs = 600_000;
const forgetMs = 3_600_000;

type PictureParts = Pick<SlackParts, 'parts' | 'client' | 'now' | 'log'>;

/** Of a run, in this gateway's own memory. */
interface Seen {
  lookedAt: number;
  /** By channel: what it has drawn last, or tried to. */
  drawn: Map<string, { at: number; hash?: string }>;
}

/** Messages that show runs: drawn until they show the present, and never what was in between. */
export class Pictures {
  readonly #slack: PictureParts;
  readonly #soon = new Set<string>();
  readonly #seen = new Map<string, Seen>();
  readonly #notBefore = new Map<string, number>();
  #unfinishedAfter = '';
  #forgotAt = 0;

  constructor(slack: PictureParts) {
    this.#slack = slack;
  }

  /** Looked at in the next round, before others. */
  soon(run: string): void {
    this.#soon.add(run);
  }

  /**
   * Brings messages up to date, as many as one round has time for. Throws nothing: what fails is drawn in a later one. Ends behind the step that it
   * is at when `signal` says so.
   */
  async round(signal?: AbortSignal): Promise<void> {
    try {
      for (const run of await this.#next()) {
        if (signal?.aborted) return;
        await this.#show(run, signal).catch(this.#slack.log);
      }
      await this.#forget();
    } catch (error) {
      this.#slack.log(error);
    }
  }

  /** What was pressed a moment ago, then what was looked at longest ago. */
  async #next(): Promise<string[]> {
    const { parts } = this.#slack;
    const asTheyAre = { of: async <Row>(rows: readonly Row[]) => [...rows] };
    const [{ releases }, unfinished] = await Promise.all([
      listReleases(parts, { open: true, limit: 200 }, asTheyAre),
      parts.records.slack.unfinished(mostUnfinished, this.#unfinishedAfter),
    ]);
    this.#unfinishedAfter = unfinished.length < mostUnfinished ? '' : unfinished.at(-1)!;
    const concerned = new Set([...releases.map(({ releaseId }) => releaseId), ...unfinished]);
    for (const run of this.#seen.keys()) if (!concerned.has(run)) this.#seen.delete(run);
    const since = (run: string) => (this.#soon.has(run) ? -1 : (this.#seen.get(run)?.lookedAt ?? 0));
    const next = [...concerned].sort((a, b) => since(a) - since(b)).slice(0, mostLooks);
    this.#soon.clear();
    return next;
  }

  /** Now and then: what has shown an end for long. */
  async #forget(): Promise<void> {
    const { parts, now } = this.#slack;
    if (now() < this.#forgotAt + forgetMs) return;
    this.#forgotAt = now();
    await parts.records.slack.forget();
  }

  async #show(run: string, signal: AbortSignal | undefined): Promise<void> {
    const { parts, now } = this.#slack;
    const seen: Seen = { drawn: new Map(), ...this.#seen.get(run), lookedAt: now() };
    this.#seen.set(run, seen);
    const lane = laneOfRun(run);
    const channels = lane ? await parts.pipeline.slackChannels(lane) : [];
    const known = await parts.records.slack.find([run]);
    const shown = channels.length + known.length === 0 ? undefined : await shownOrGone(this.#slack, run);
    // Another gateway may have a newer policy: what goes on is left to it, and its buttons are held against the policy of whoever is asked.
    for (const { channel } of known)
      if (!shown || (hasEnded(shown) && !channels.includes(channel))) await parts.records.slack.drop({ run, channel });
    for (const channel of shown ? channels : []) {
      if (signal?.aborted) return;
      const picture = known.find((one) => one.channel === channel)?.picture;
      if (hasEnded(shown!) && picture === undefined) continue;
      await this.#draw({ run, channel, drawn: seen.drawn }, { shown: shown!, last: picture, signal });
    }
  }

  /** Nothing where it shows the present, or may not be drawn yet. */
  async #draw(
    { drawn, ...at }: { run: string; channel: string; drawn: Seen['drawn'] },
    { shown, last, signal }: { shown: Shown; last: Picture | undefined; signal: AbortSignal | undefined },
  ): Promise<void> {
    const { parts, now } = this.#slack;
    const message = drawRun(shown);
    const drawing: Drawing = { shown, message, hash: sha256(canonicalJson(message)) };
    if (isUpToDate(last, drawing)) return;
    const own = drawn.get(at.channel);
    const isDrawnOtherwise = own?.hash === drawing.hash && last?.ts !== undefined && last.hash !== drawing.hash;
    if (isDrawnOtherwise && now() < own.at + leftMs && !hasEnded(shown)) return;
    const isEarly = now() < Math.max((own?.at ?? -leastMs) + leastMs, this.#notBefore.get(at.channel) ?? 0);
    if (isEarly && last !== undefined) return;
    const key = { ...at, by: randomUUID() };
    const picture = await parts.records.slack.take(key, takenMs);
    if (!picture) return;
    try {
      if (isEarly) return;
      drawn.set(at.channel, { at: now() });
      const taken = { channel: at.channel, picture, keep: keeping(this.#slack, key) };
      if (await draw(this.#slack, taken, drawing, signal)) drawn.set(at.channel, { at: now(), hash: drawing.hash });
    } catch (error) {
      if (error instanceof Lost) return;
      this.#notBefore.set(at.channel, now() + waitOf(error));
      this.#slack.log(error);
    } finally {
      await parts.records.slack.put(key);
    }
  }
}

function keeping({ parts }: PictureParts, key: { run: string; channel: string; by: string }) {
  return async function (this: { picture: Picture }, picture: Picture): Promise<void> {
    if (!(await parts.records.slack.keep(key, picture, takenMs))) throw new Lost('another gateway draws it by now');
    this.picture = picture;
  };
}

/** Undefined for a run that nobody knows any more. */
async function shownOrGone({ parts }: PictureParts, run: string): Promise<Shown | undefined> {
  try {
    return await shownOf(parts, run);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}

function isUpToDate(last: Picture | undefined, { hash, shown }: Drawing): boolean {
  const plan = shown.view.recorded?.planHash;
  if (last?.hash !== hash) return last?.ended === true;
  if (hasEnded(shown)) return last.ended === true;
  const { nudge } = shown;
  return (plan === undefined || last.detailsOf === plan) && (!nudge || last.nudgedAt === nudge.at);
}

import { randomUUID } from 'node:crypto';
import { sha256 } from '../../activities/shared/sha256.ts';
import type { Picture } from '../../activities/records/port.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import { listReleases } from '../gateway/release-list.ts';
import { drawPlan } from './details.ts';
import { drawRun } from './message.ts';
import type { Message, Shown } from './message.ts';
import type { SlackParts } from './parts.ts';
import { plannedOf, shownOf } from './picture-facts.ts';
import { isGone, waitOf } from './slack-errors.ts';

/** Each look asks the records and a worker; what is not looked at in one round is in the next. */
const mostLooks = 30;
/** ms between two changes of one message: Slack takes 50 a minute of all of them. */
const leastMs = 3_000;
/** ms that one gateway has a picture for: longer than two answers of Slack may take. */
const takenMs = 30_000;
/** ms behind its end in which a run is still drawn: what nobody has seen by then is no news. */
const newsMs = 86_400_000;

type PictureParts = Pick<SlackParts, 'parts' | 'client' | 'now' | 'log'>;

/** Messages that show runs: drawn until they show the present, and never what was in between. */
export class Pictures {
  readonly #slack: PictureParts;
  readonly #soon = new Set<string>();
  readonly #lookedAt = new Map<string, number>();
  readonly #drawnAt = new Map<string, number>();
  readonly #notBefore = new Map<string, number>();

  constructor(slack: PictureParts) {
    this.#slack = slack;
  }

  /** Looked at in the next round, before others. */
  soon(run: string): void {
    this.#soon.add(run);
  }

  /** Brings messages up to date, as many as one round has time for. Throws nothing: what fails is drawn in a later one. */
  async round(): Promise<void> {
    try {
      for (const run of await this.#next()) await this.#show(run).catch(this.#slack.log);
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
      parts.records.slack.unfinished(200),
    ]);
    const concerned = new Set([...releases.map(({ releaseId }) => releaseId), ...unfinished]);
    for (const run of this.#lookedAt.keys()) if (!concerned.has(run)) this.#lookedAt.delete(run);
    const since = (run: string) => (this.#soon.has(run) ? -1 : (this.#lookedAt.get(run) ?? 0));
    return [...concerned].sort((a, b) => since(a) - since(b)).slice(0, mostLooks);
  }

  async #show(run: string): Promise<void> {
    const { parts, now } = this.#slack;
    this.#soon.delete(run);
    this.#lookedAt.set(run, now());
    const lane = laneOfRun(run);
    const channels = lane ? await parts.pipeline.slackChannels(lane.environment) : [];
    if (channels.length === 0) return;
    const shown = await shownOf(parts, run);
    const known = await parts.records.slack.find([run]);
    for (const channel of channels) {
      const picture = known.find((one) => one.channel === channel)?.picture;
      if (hasEnded(shown) && picture === undefined) continue;
      await this.#draw({ run, channel }, shown, picture);
    }
  }

  /** Nothing where it shows the present, or may not be drawn yet. */
  async #draw(at: { run: string; channel: string }, shown: Shown, last: Picture | undefined): Promise<void> {
    const { parts, now } = this.#slack;
    const message = drawRun(shown);
    const hash = sha256(canonicalJson(message));
    const key = `${at.run} ${at.channel}`;
    const wanted = { hash, plan: shown.view.recorded?.planHash, nudgedAt: shown.nudge?.at };
    if (isUpToDate(last, wanted, shown)) return void this.#drawnAt.delete(key);
    const isEarly =
      now() < Math.max((this.#drawnAt.get(key) ?? -leastMs) + leastMs, this.#notBefore.get(at.channel) ?? 0);
    if (isEarly && last !== undefined) return;
    const taken = { ...at, by: randomUUID() };
    const picture = await parts.records.slack.take(taken, takenMs);
    if (!picture || isEarly) return picture && parts.records.slack.put(taken);
    this.#drawnAt.set(key, now());
    await parts.records.slack.put(taken, await this.#drawn(at.channel, { shown, message, hash }, picture));
  }

  /** What the message shows from now on; undefined where Slack has not taken it. */
  async #drawn(
    channel: string,
    { shown, message, hash }: { shown: Shown; message: Message; hash: string },
    picture: Picture,
  ): Promise<Picture | undefined> {
    const { now, log } = this.#slack;
    const ended = hasEnded(shown) ? ({ ended: true } as const) : {};
    // Whatever was to be told of it is old by now.
    if (hasEnded(shown) && (shown.view.endedAt ?? 0) < now() - newsMs) return { ...picture, ...ended };
    try {
      const ts =
        picture.hash === hash && picture.ts !== undefined ? picture.ts : await this.#put(channel, message, picture.ts);
      const { detailsOf, nudgedAt } = ts === picture.ts ? picture : {};
      const inThread = { ...(detailsOf !== undefined && { detailsOf }), ...(nudgedAt !== undefined && { nudgedAt }) };
      const detailed = await this.#withDetails(channel, shown, { ts, hash, ...inThread, ...ended });
      return await this.#withNudge(channel, shown, detailed);
    } catch (error) {
      this.#notBefore.set(channel, now() + waitOf(error));
      log(error);
      return undefined;
    }
  }

  /** The message itself: changed, or posted where there is none any more. */
  async #put(channel: string, message: Message, ts: string | undefined): Promise<string> {
    const { client } = this.#slack;
    const said = { channel, ...message, parse: 'none', link_names: false } as const;
    if (ts !== undefined) {
      try {
        await client.chat.update({ ...said, ts });
        return ts;
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
    const posted = await client.chat.postMessage({ ...said, unfurl_links: false, unfurl_media: false });
    if (posted.ts === undefined) throw new Error('Slack has not said which message it has made');
    return posted.ts;
  }

  /** People are reminded in the thread, once for each time: of what was due while no gateway was there, of the last. */
  async #withNudge(channel: string, { nudge }: Shown, drawn: Picture): Promise<Picture> {
    const { client, now, log } = this.#slack;
    if (!nudge || drawn.nudgedAt === nudge.at) return drawn;
    try {
      const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
      await client.chat.postMessage({ channel, thread_ts: drawn.ts!, text: nudge.text, ...quiet });
      return { ...drawn, nudgedAt: nudge.at };
    } catch (error) {
      this.#notBefore.set(channel, now() + waitOf(error));
      log(error);
      return drawn;
    }
  }

  /** What the plan changes stands in the thread, once for each plan; where that fails the message stands all the same. */
  async #withDetails(channel: string, { view }: Shown, drawn: Picture): Promise<Picture> {
    const { parts, client, now, log } = this.#slack;
    const hash = view.recorded?.planHash;
    if (hash === undefined || drawn.detailsOf === hash || !view.open) return drawn;
    try {
      const planned = await plannedOf(parts, view);
      // Its plan is not on record any more: there is nothing to say of it, now or later.
      if (!planned) return { ...drawn, detailsOf: hash };
      const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
      const text = `What plan ${hash.slice(0, 12)} changes`;
      await client.chat.postMessage({ channel, thread_ts: drawn.ts!, text, blocks: drawPlan(planned), ...quiet });
      return { ...drawn, detailsOf: hash };
    } catch (error) {
      this.#notBefore.set(channel, now() + waitOf(error));
      log(error);
      return drawn;
    }
  }
}

function hasEnded({ view }: Shown): boolean {
  return !view.open && view.unknown === undefined;
}

function isUpToDate(
  last: Picture | undefined,
  { hash, plan, nudgedAt }: { hash: string; plan: string | undefined; nudgedAt: number | undefined },
  shown: Shown,
): boolean {
  if (last?.hash !== hash) return last?.ended === true;
  if (hasEnded(shown)) return last.ended === true;
  return (plan === undefined || last.detailsOf === plan) && (nudgedAt === undefined || last.nudgedAt === nudgedAt);
}

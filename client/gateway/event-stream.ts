import type { ServerResponse } from 'node:http';
import type { Watching } from './watching.ts';

interface Stream {
  answer: ServerResponse;
  watching: Watching;
  /** What whoever asks has seen last. */
  lastId: string | undefined;
  /** Whether they may still see it. */
  isKnown: () => Promise<boolean>;
  /** How often a sign of life is sent, ms, after which `isKnown` is asked. */
  aliveMs: number;
  /** How long what was sent may wait to be taken, ms. */
  sendMs: number;
}

const sign = ': alive\n\n';

/**
 * Sends what is told of a run until nothing comes any more. Nothing is kept for a reader: one that is slow is behind in what is kept of the run,
 * and goes on with what is there then; one that takes nothing is cut off.
 */
export function sendEvents({ answer, watching, lastId, isKnown, aliveMs, sendMs }: Stream): void {
  let place = watching.placeOf(lastId);
  let cutOff: NodeJS.Timeout | undefined;

  const isGone = () => answer.destroyed || answer.writableEnded;
  const taken = () => {
    clearTimeout(cutOff);
    cutOff = undefined;
  };
  const untilTaken = () => {
    cutOff ??= setTimeout(() => answer.destroy(), sendMs).unref();
  };
  const write = (text: string) => {
    if (answer.write(text)) return;
    untilTaken();
    answer.once('drain', () => {
      taken();
      send();
    });
  };
  const end = () => {
    if (isGone()) return;
    // Whoever takes nothing keeps nobody from ending.
    if (cutOff) return void answer.destroy();
    answer.end();
    untilTaken();
  };
  const send = () => {
    for (let next = watching.after(place); next && !cutOff && !isGone(); next = watching.after(place)) {
      place = next.nth;
      write(next.text);
    }
    // What is still to be taken is waited for, as long as anything is: `drain` comes here again.
    if (watching.isStopped || (watching.isOver && !cutOff && !watching.after(place))) end();
  };
  const live = async () => {
    if (!cutOff && !isGone()) write(sign);
    if (!(await isKnown().catch(() => false))) end();
  };

  const alive = setInterval(() => void live(), aliveMs).unref();
  const leave = watching.watch(send);
  answer.once('close', () => {
    clearInterval(alive);
    taken();
    leave();
  });
  // At once, so that whoever asks sees that nothing on the way keeps back what comes.
  write(sign);
  send();
}

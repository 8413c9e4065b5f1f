import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { askedToEnd } from '../../workers/asked-to-end.ts';

const long = 600_000;

function ending() {
  const signals = new EventEmitter();
  const { asked, pause } = askedToEnd(signals);
  const hear = (signal: NodeJS.Signals) => signals.emit(signal, signal);
  const isOver = (work: Promise<unknown>) =>
    Promise.race([work.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);
  return { asked, pause, hear, isOver };
}

describe('a gateway that is asked to end', () => {
  it('goes on for a while by SIGTERM, and ends at once where it is asked again', async () => {
    const { asked, pause, hear, isOver } = ending();
    expect(await isOver(asked)).toBe(false);
    hear('SIGTERM');
    await asked;
    const paused = pause(long);
    expect(await isOver(paused)).toBe(false);
    hear('SIGTERM');
    await paused;
  });

  it('keeps no person waiting who presses Ctrl-C', async () => {
    const { asked, pause, hear } = ending();
    hear('SIGINT');
    await asked;
    await pause(long);
  });

  it('does not wait where nothing is to be waited for', async () => {
    const { asked, pause, hear } = ending();
    hear('SIGTERM');
    await asked;
    await pause(0);
  });
});

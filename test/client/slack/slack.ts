import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { startSlack } from '../../../lab/slack/stand-in.ts';
import type { SlackStandIn } from '../../../lab/slack/stand-in.ts';

export type { Instead } from '../../../lab/slack/stand-in.ts';
export type TestSlack = SlackStandIn;

/** One for the file, which answers as it should again before each test. */
export function useSlack(): TestSlack {
  const slack = {} as TestSlack;
  beforeAll(async () => {
    // What it notes is noted there, and what a test sets here is asked there.
    const started = await startSlack();
    Object.defineProperties(slack, Object.getOwnPropertyDescriptors(started));
    started.before = (call) => slack.before(call);
    started.instead = (call) => slack.instead(call);
    started.after = (call) => slack.after(call);
  });
  beforeEach(() => {
    slack.calls.length = 0;
    slack.before = () => Promise.resolve();
    slack.instead = () => undefined;
    slack.after = () => undefined;
    for (const group of Object.keys(slack.groups)) delete slack.groups[group];
  });
  afterAll(() => slack.stop());
  return slack;
}

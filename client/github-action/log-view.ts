import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { createEventFeed } from '../cli/events.ts';
import type { FollowView } from '../cli/follow-views.ts';
import { endLines } from '../cli/render-status.ts';
import { clock } from '../cli/words.ts';
import type { Runner } from './runner.ts';

/** Whoever reads the log of a job is in no hurry. */
const longestPauseMs = 3_000;

/** One line for each thing that happens, in a group for each stage. Times are UTC, as those of the runner. */
export function logView(runner: Pick<Runner, 'log' | 'group' | 'endGroup'>, now: () => number): FollowView {
  const feed = createEventFeed('UTC');
  let group: string | undefined;
  let away = false;
  const into = (stage: string | undefined) => {
    if (stage === group) return;
    if (group !== undefined) runner.endGroup();
    if (stage !== undefined) runner.group(stage);
    group = stage;
  };
  const say = (line: string) => runner.log(line);
  return {
    longestPauseMs,
    show(view: ReleaseView) {
      if (away) say(`${clock(now(), 'UTC')} the gateway answers again`);
      away = false;
      if (view.open && view.status) into(view.status.stage);
      feed(view, now()).forEach(say);
      if (view.open || view.outcome === undefined) return;
      into(undefined);
      endLines(view).forEach(say);
    },
    trouble(message) {
      if (!away) say(`${clock(now(), 'UTC')} ${message}; trying again, the release goes on`);
      away = true;
    },
    close: () => into(undefined),
  };
}

import type { LaneKey } from './contract/names.ts';
import type { Notice } from './contract/notices.ts';
import type { Commit } from './contract/release.ts';

interface UnderWay {
  run: string;
  lane: LaneKey;
  commit: Commit;
}

const words = { started: 'a release begins', changing: 'a release is put in place' } as const;

/** What is told of a release that goes its way: each once. */
export function underWayNotice(event: keyof typeof words, { run, lane, commit }: UnderWay): Notice {
  return {
    key: `${run}/${event}`,
    event,
    level: 'info',
    title: `${lane.service} → ${lane.environment}: ${words[event]}`,
    facts: { release: run, commit, more: `slipway status ${run} --why` },
  };
}

import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { stageOfLine } from '../../../domain/log-stages.ts';
import { shownStage } from './states.ts';
import type { Shown } from './states.ts';

export interface LogLine {
  at: number;
  line: string;
  /** The stage, where it is another than that of the line before. */
  stage?: Shown;
  isLoud: boolean;
}

/** Only what happens now moves: a stage that is over has another sign. */
const still = { icon: 'next', tone: 'mute' } as const;

/** The run's own log, with the stage that each part of it was said in; what failed stands out. */
export function logOf(status: ReleaseStatus, isOpen: boolean): LogLine[] {
  const { log, failure } = status;
  const stages = log.map((_line, index) => stageOfLine(status, index));
  return log.map(({ at, line }, index) => {
    const stage = stages[index];
    const isNew = stage !== undefined && stage !== stages[index - 1];
    const isFailure = failure !== undefined && line.startsWith(`${failure.title}: `);
    return {
      at,
      line,
      ...(isNew && {
        stage: isOpen && stage === status.stage ? shownStage(stage) : { ...shownStage(stage), ...still },
      }),
      isLoud: isFailure || stage === 'held',
    };
  });
}

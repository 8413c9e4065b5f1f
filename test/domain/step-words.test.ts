import { describe, expect, it } from '@jest/globals';
import type { BuildSteps, EngineSteps, EnvironmentSteps, LaneSteps } from '../../activities/steps/types.ts';
import { stepNamed, stepWords } from '../../domain/step-words.ts';
import { neededQueues, roleOfQueue } from '../../domain/task-queues.ts';

type Steps = EngineSteps & LaneSteps & BuildSteps & EnvironmentSteps;

describe('a step', () => {
  it('has words for each that a run can wait for, and for nothing else', () => {
    // The compiler finds a step without words, and words without a step.
    const words: Record<keyof Steps, string> = stepWords;
    const steps: Record<keyof typeof stepWords, keyof Steps> = Object.fromEntries(
      Object.keys(words).map((step) => [step, step]),
    ) as { [step in keyof Steps]: step };
    for (const step of Object.values(steps)) expect(stepNamed(step)).not.toContain(step);
  });

  it('of a newer engine is told by its name', () => {
    expect(stepNamed('foldPapers')).toBe('the step foldPapers');
    expect(stepNamed('constructor')).toBe('the step constructor');
  });

  it('is done by workers of the role that its queue belongs to', () => {
    for (const { role, queue } of neededQueues(['production', 'staging'])) expect(roleOfQueue(queue)).toBe(role);
    for (const queue of ['somebody-elses', 'environment-', 'environment-production.other', ''])
      expect(roleOfQueue(queue)).toBeUndefined();
  });
});

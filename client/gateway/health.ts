import { inTime } from '../../activities/shared/in-time.ts';
import { usualAnswerMs } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { temporalAway } from '../temporal-away.ts';
import { head } from '../../domain/whole-text.ts';

export interface GatewayHealth {
  ok: boolean;
  temporal: string;
  records: string;
  /** The file by which people are known: while it is broken nobody is. */
  tokens: string;
  policy: 'ok' | Ill;
  /** Absent where nothing is signed. */
  evidence?: 'ok' | Ill;
}

interface Ill {
  ok: false;
  says: string;
}

/**
 * How the gateway is. A policy file that is broken stops nothing, since the last valid one is in force; nor does evidence that could not be
 * sent, which is kept. Both are told, and the gateway is well.
 */
export async function healthOf({
  engine,
  records,
  pipeline,
  evidence,
  identify,
  limits,
}: GatewayParts): Promise<GatewayHealth> {
  const answered = <T>(look: Promise<T>) =>
    inTime(look, limits?.answerMs ?? usualAnswerMs, (words) => new Error(words));
  const works = async (look: Promise<unknown>) =>
    answered(look).then(
      () => 'ok',
      (error: unknown) => head(inWords(error), 200),
    );
  const [temporal, database, tokens, problem] = await Promise.all([
    works(engine.look('slipway-health')),
    works(records.attempts.list({ limit: 1 })),
    works(identify('')),
    answered(pipeline.policyProblem()).catch((error: unknown) => `its file cannot be read: ${inWords(error)}`),
  ]);
  return {
    ok: [temporal, database, tokens].every((part) => part === 'ok'),
    temporal,
    records: database,
    tokens,
    policy: partOf(problem === undefined ? [] : [problem]),
    ...(evidence && { evidence: partOf(evidence.problems()) }),
  };
}

function inWords(error: unknown): string {
  return temporalAway(error) ?? (error instanceof Error ? error.message : String(error));
}

function partOf(problems: string[]): 'ok' | Ill {
  return problems.length === 0 ? 'ok' : { ok: false, says: head(problems.join('; '), 500) };
}

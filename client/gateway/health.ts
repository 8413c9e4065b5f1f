import { inTime } from '../../activities/shared/in-time.ts';
import { usualAnswerMs } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { temporalAway } from '../temporal-away.ts';
import type { Sight } from '../../domain/contract/rights.ts';
import { decidersBy } from '../../domain/deciders.ts';
import { missingPeople } from '../../domain/people-known.ts';
import { head } from '../../domain/whole-text.ts';

export interface GatewayHealth {
  ok: boolean;
  temporal: string;
  records: string;
  /** The file by which people are known: while it is broken nobody is. */
  tokens: string;
  policy: 'ok' | Ill;
  /** Whether those whom the policy asks for are known. Absent where that cannot be seen. */
  people?: 'ok' | Ill;
  /** Absent where nothing is signed. */
  evidence?: 'ok' | Ill;
  /** Whether Slack takes what the gateway has for it. Absent where nothing is shown there. */
  slack?: 'ok' | Ill;
}

interface Ill {
  ok: false;
  says: string;
}

/** What each request needs. */
type Needs = Pick<GatewayHealth, 'temporal' | 'records' | 'tokens'>;

export function isUsable({ temporal, records, tokens }: Needs): boolean {
  return [temporal, records, tokens].every((part) => part === 'ok');
}

/** Never rejects. */
export async function needsOf({ engine, records, identify, limits }: GatewayParts): Promise<Needs> {
  const works = async (look: Promise<unknown>) =>
    answeredIn(limits, look).then(
      () => 'ok',
      (error: unknown) => head(inWords(error), 200),
    );
  const [temporal, database, tokens] = await Promise.all([
    works(engine.look('slipway-health')),
    works(records.attempts.list({ limit: 1 })),
    works(identify('')),
  ]);
  return { temporal, records: database, tokens };
}

/**
 * How the gateway is. A policy file that is broken stops nothing, since the last valid one is in force; nor does evidence that could not be
 * sent, which is kept; nor does Slack. All are told, and the gateway is well.
 */
export async function healthOf(parts: GatewayParts, needs = needsOf(parts)): Promise<GatewayHealth> {
  const { pipeline, evidence, people, slack, limits } = parts;
  const answered = <T>(look: Promise<T>) => answeredIn(limits, look);
  const [needed, problem, missing, shown] = await Promise.all([
    needs,
    answered(pipeline.policyProblem()).catch((error: unknown) => `its file cannot be read: ${inWords(error)}`),
    people && answered(missingBy(pipeline, people)).catch(() => undefined),
    slack && answered(slack.problem()).catch((error: unknown) => inWords(error)),
  ]);
  return {
    ok: isUsable(needed),
    ...needed,
    policy: partOf(problem === undefined ? [] : [problem]),
    ...(missing && { people: partOf(missing) }),
    ...(evidence && { evidence: partOf(evidence.problems()) }),
    ...(slack && { slack: partOf(shown === undefined ? [] : [shown]) }),
  };
}

function answeredIn<T>(limits: GatewayParts['limits'], look: Promise<T>): Promise<T> {
  return inTime(look, limits?.answerMs ?? usualAnswerMs, (words) => new Error(words));
}

/** Words about the policy, people and the audit name lanes that somebody may not look at: they are told that something is wrong. */
export function healthFor(sight: Sight, health: GatewayHealth): GatewayHealth {
  if (sight === 'everything') return health;
  const untold = (part: 'ok' | Ill): 'ok' | Ill =>
    part === 'ok' ? part : { ok: false, says: 'told to whoever may look at every lane' };
  const { policy, people, evidence } = health;
  return {
    ...health,
    policy: untold(policy),
    ...(people && { people: untold(people) }),
    ...(evidence && { evidence: untold(evidence) }),
  };
}

/** Whoever is known by the file of tokens, against whom the policy in force asks for. A file or policy that cannot be read is told as that. */
async function missingBy(
  pipeline: GatewayParts['pipeline'],
  people: NonNullable<GatewayParts['people']>,
): Promise<string[]> {
  const [lanes, known] = await Promise.all([pipeline.lanes(), people()]);
  const byEnvironment = Map.groupBy(lanes, ({ environment }) => environment);
  const asked = [...byEnvironment].map(async ([environment, those]) => {
    const floor = await pipeline.floorOf(environment);
    return those.map((lane) => {
      const { onCall } = decidersBy(floor, lane.service);
      return { lane, approval: floor.approval, ...(onCall && { onCall }) };
    });
  });
  return missingPeople((await Promise.all(asked)).flat(), known);
}

function inWords(error: unknown): string {
  return temporalAway(error) ?? (error instanceof Error ? error.message : String(error));
}

function partOf(problems: string[]): 'ok' | Ill {
  return problems.length === 0 ? 'ok' : { ok: false, says: head(problems.join('; '), 500) };
}

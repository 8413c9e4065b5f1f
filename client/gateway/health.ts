import type { GatewayParts } from './calls.ts';

export interface GatewayHealth {
  ok: boolean;
  temporal: string;
  records: string;
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
export async function healthOf({ engine, records, pipeline, evidence }: GatewayParts): Promise<GatewayHealth> {
  const works = async (look: Promise<unknown>) =>
    look.then(
      () => 'ok',
      (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 200),
    );
  const [temporal, database, problem] = await Promise.all([
    works(engine.look('slipway-health')),
    works(records.attempts.list({ limit: 1 })),
    pipeline.policyProblem(),
  ]);
  return {
    ok: temporal === 'ok' && database === 'ok',
    temporal,
    records: database,
    policy: partOf(problem === undefined ? [] : [problem]),
    ...(evidence && { evidence: partOf(evidence.problems()) }),
  };
}

function partOf(problems: string[]): 'ok' | Ill {
  return problems.length === 0 ? 'ok' : { ok: false, says: problems.join('; ').slice(0, 500) };
}

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

const keptMs = 1_000;

/**
 * How the gateway is, looked at once a second at most: whoever asks more often, strangers among them, gets the last answer, and costs
 * neither Temporal nor the database anything.
 */
export function createHealth(
  parts: GatewayParts,
  clock: () => number = () => performance.now(),
): () => Promise<GatewayHealth> {
  let last: { at: number; health: Promise<GatewayHealth> } | undefined;
  return () => {
    if (!last || clock() - last.at >= keptMs) last = { at: clock(), health: look(parts) };
    return last.health;
  };
}

/**
 * A policy file that is broken stops nothing, since the last valid one is in force; nor does evidence that could not be sent, which is kept. Both are
 * told, and the gateway is well.
 */
async function look({ engine, records, pipeline, evidence }: GatewayParts): Promise<GatewayHealth> {
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

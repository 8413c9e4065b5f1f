import type { GatewayParts } from './calls.ts';

export interface GatewayHealth {
  ok: boolean;
  temporal: string;
  records: string;
  policy: 'ok' | { ok: false; says: string };
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

/** A policy file that is broken stops nothing, since the last valid one is in force: it is told, and the gateway is well. */
async function look({ engine, records, pipeline }: GatewayParts): Promise<GatewayHealth> {
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
  const policy = problem === undefined ? 'ok' : { ok: false as const, says: problem.slice(0, 500) };
  return { ok: temporal === 'ok' && database === 'ok', temporal, records: database, policy };
}

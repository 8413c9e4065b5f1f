import type { TcpEndpoint } from '../../domain/contract/release.ts';
import { inItsTime, type Ask } from './asking.ts';
import { onConnection } from './connection.ts';
import { wrong, type Judgement } from './judgement.ts';

/** Right when a connection is taken; nothing is sent. Here a refusal is the answer to what is asked. */
export const askTcp: Ask<TcpEndpoint> = (endpoint, asking) =>
  inItsTime(asking, async (stop): Promise<Judgement> => {
    try {
      return await onConnection(endpoint.port, asking, stop, async () => taken);
    } catch (error) {
      if (isRefusal(error)) return wrong('refuses connections');
      throw error;
    }
  });

const taken: Judgement = { verdict: 'pass', summary: 'takes connections' };

/** By each address of the name. */
function isRefusal(error: unknown): boolean {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  return errors ? errors.every(isRefusal) : code === 'ECONNREFUSED';
}

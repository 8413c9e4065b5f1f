import type { Client } from '@temporalio/client';
import { expect, it } from '@jest/globals';
import { createEngine } from '../../client/engine.ts';
import { aDecision, aReleaseId, aRequest } from '../domain/builders.ts';

it('shows the reason of a rollback in the Temporal UI as it was written: no link, and no line of its own', async () => {
  let shown = '';
  const start = async (_type: string, { staticDetails }: { staticDetails: string }) => void (shown = staticDetails);
  const engine = createEngine({ client: { workflow: { start } } as unknown as Client });
  const decision = aDecision('roll-back', { reason: '[all is well](https://evil.test)\n\n# Approved' });
  const lane = { service: 'shop', environment: 'production' };
  await engine.startRollback({
    lane,
    releaseId: aReleaseId(),
    decision: { decision, keyId: 'key', signature: 'signature' },
    request: aRequest(),
  });
  expect(shown).toBe('Ordered by kim: \\[all is well\\](https://evil.test)\\n\\n# Approved');
});

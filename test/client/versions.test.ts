import { expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { listVersions } from '../../client/versions.ts';

it('a version of a name that none of ours has is neither shown nor asked for: whoever may poll names it', async () => {
  const queries: string[] = [];
  const named = ['ab12', "' OR WorkflowId = 'x", 'x'.repeat(300), '1.0.0-rc_1'];
  const workflowService = {
    describeWorkerDeployment: async () => ({
      workerDeploymentInfo: { versionSummaries: named.map((buildId) => ({ deploymentVersion: { buildId } })) },
    }),
    describeTaskQueue: async () => ({ pollers: [] }),
    countWorkflowExecutions: async ({ query }: { query: string }) => (queries.push(query), { count: 1 }),
  };
  const client = { options: { namespace: 'default' }, workflowService } as unknown as Client;
  expect((await listVersions(client)).map(({ buildId }) => buildId)).toEqual(['ab12', '1.0.0-rc_1']);
  expect(queries.map((query) => query.includes(' OR '))).toEqual([false, false]);
});

import { describe, expect, it } from '@jest/globals';
import type { ClusterConnection } from '../../activities/shared/cluster-connection.ts';
import { readLog } from '../../activities/shared/cluster-logs.ts';

function aClusterThatAnswers(text: string): ClusterConnection {
  const core = { readNamespacedPodLog: () => Promise.resolve(text) };
  const call = (_what: string, work: () => Promise<unknown>) => work();
  return { core, call } as unknown as ClusterConnection;
}
const logOf = (text: string) =>
  readLog(aClusterThatAnswers(text), {
    namespace: 'shop',
    pod: 'api-1',
    container: 'api',
    previous: true,
    maxBytes: 1_000,
  });

describe('the log of a container', () => {
  it('is empty when the kubelet only says that it has removed the container', async () => {
    expect(await logOf('unable to retrieve container logs for containerd://bd3713c82863')).toBe('');
  });

  it("keeps the container's own words, also when they are about that", async () => {
    const words = 'unable to retrieve container logs for containerd://bd37\nand more\n';
    expect(await logOf(words)).toContain('and more');
  });
});

import { it } from '@jest/globals';
import { aRequest, aResult } from '../../domain/builders.ts';
import { tokens, useGateway } from './gateway.ts';
const gateway = useGateway();
it('bench', async () => {
  const { records, service, server, committed } = gateway({ answerMs: 60000 });
  const began = Date.now();
  const m = 60000;
  for (let n = 0; n < 5000; n += 1) {
    const commit = n.toString(16).padStart(40, '0');
    const at = (x: number) => 1000 + n + x * m;
    const { attempt } = await records.attempts.open({ ...aRequest({ service, commit, requestedAt: 1000 + n }) }, { requestKey: `k${n}`, fresh: true });
    committed.set(commit, n);
    const timings = [['building', 0, 4], ['awaiting-approval', 4, 10], ['deploying', 10, 29], ['verifying', 29, 31], ['done', 31, 31]].map(([stage, a, b]) => ({ stage, startedAt: at(a as number), endedAt: at(b as number) }));
    const comps = Array.from({ length: 4 }, (_, c) => ({ component: `component-${c}`, image: `registry.test/shop/core@sha256:${'1'.repeat(64)}`, phase: 'verified', since: at(20), note: 'is what the plan has there' }));
    const regions = ['de', 'nl'].map((region, i) => ({ region, phase: 'verified', begunAt: at(10 + 10 * i), since: at(14 + 10 * i), components: comps }));
    const result = aResult('verified', { timings, regions, planHash: 'b'.repeat(64), artifacts: comps.map(({ component, image }) => ({ component, image, origin: 'built' })) } as never);
    await records.attempts.conclude(attempt.releaseId, { outcome: 'verified', summary: 'verified in de and nl', endedAt: at(31), told: { result } });
  }
  const lines = [`seeded in ${Date.now() - began}, result ${JSON.stringify(aResult('x')).length}`];
  for (const q of ['insights', 'insights', 'insights.csv']) {
    const t = performance.now();
    const a = await server.inject({ url: `/v1/${q}?service=${service}&environment=production&since=0`, headers: { authorization: `Bearer ${tokens.dana}` } });
    lines.push(`${q} ${a.statusCode} ${Math.round(performance.now() - t)} ms, ${a.body.length} bytes ${a.body.slice(0, 120)}`);
  }
  const t = performance.now();
  const all = await records.attempts.list({ service, limit: 1000 });
  lines.push(`list 1000: ${Math.round(performance.now() - t)} ms ${all.length}`);
  process.stderr.write(lines.join('\n') + '\n');
}, 500000);

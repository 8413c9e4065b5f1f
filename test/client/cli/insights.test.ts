import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { insightsExample } from '../../../client/gateway/openapi/insights-example.ts';
import { insightsOf } from '../../../domain/insights/insights.ts';
import { noon } from './builders.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

describe('slipway insights', () => {
  it('says which target slips and why, the five, the four of DORA, what takes longest, and what went back', async () => {
    gateway.on('GET /v1/insights', { body: insightsExample });
    const { exitCode, stdout } = await slipway(['insights'], gateway.url);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`The 3 targets that are measured hold.
Slowest: deploying, median 19 min, one of ten over 19 min.
2 releases of shop to production, 2026-11-30 to 2026-12-03 (UTC)

Time targets, without waiting
  First test            -           of 5 min   not measured: CI is not run by Slipway here
  CI                    -           of 15 min  not measured: CI is not run by Slipway here
  One region            4 min 00 s  of 10 min  met by 100 % (2)
  All regions           21 min      of 30 min  met by 100 % (1)
  Commit to production  34 min      of 60 min  met by 100 % (1)

The four of DORA
  Deployments            2.3 a week  1 in all
  Lead time for changes  34 min      and 6 min 00 s waited
  Changes that failed    50 %        1 of 2
  Time to restore        2 min 00 s  of it 0 s people

Slowest steps
  deploying  19 min      one of ten over 19 min
  building   4 min 00 s  one of ten over 4 min 00 s
  region de  4 min 00 s  one of ten over 4 min 00 s
  region nl  4 min 00 s  one of ten over 4 min 00 s
  verifying  2 min 00 s  one of ten over 2 min 00 s

Time to the last yes
  2 approvals, median 6 min 00 s
  under 5 min      0
  5 min to 15 min  2
  15 min to 1 h    0
  1 h to 4 h       0
  over 4 h         0

Rollbacks and holds
  2026-12-01  shop#143 in de, nl: rolled back, restored in 2 min 00 s
      SLIP-K8S-1 region nl has no CHECKOUT_URL

How each is counted: slipway insights --how
`);
  });

  it('asks for the lane and the weeks that are wanted', async () => {
    let asked = '';
    gateway.on('GET /v1/insights', ({ path }) => {
      asked = path;
      return { body: insightsExample };
    });
    await slipway(
      ['insights', '--service', 'shop', '--environment', 'staging', '--since', '2026-02-01T00:00Z'],
      gateway.url,
    );
    const query = new URLSearchParams(asked.split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({
      ...{ service: 'shop', environment: 'staging', since: String(Date.UTC(2026, 1, 1)) },
    });
  });

  it('says what it has not looked at, and that there is nothing', async () => {
    const none = insightsOf([], { since: noon, until: noon + 1_000, counted: 'all', more: true, unread: 2 });
    gateway.on('GET /v1/insights', { body: none });
    const { stdout } = await slipway(['insights'], gateway.url);
    expect(stdout).toContain('Nothing was verified in these weeks: there is nothing to count yet.');
    expect(stdout).toContain('Only the newest 0 releases were looked at: there are more in these weeks.');
    expect(stdout).toContain('Of 2 that have ended nothing is on record, or it cannot be read.');
    expect(stdout).toContain('The policy requires an approval in no environment here: all are counted.');
    expect(stdout).not.toContain('Slowest steps');
  });

  it('says what is not restored where nothing was', async () => {
    const restore = { count: 0, notYet: 2, weeks: [] };
    gateway.on('GET /v1/insights', { body: { ...insightsExample, dora: { ...insightsExample.dora, restore } } });
    const { stdout } = await slipway(['insights'], gateway.url);
    expect(stdout).toMatch(/Time to restore +- +nothing to count yet; 2 not restored, by the records/);
  });

  it('prints what others have written as it is spelled', async () => {
    const [trouble] = insightsExample.troubles;
    const hostile = { ...trouble!, cause: '\u001b[2Jgone\u202e', regions: ['\u001b]0;x\u0007'] };
    gateway.on('GET /v1/insights', { body: { ...insightsExample, troubles: [hostile] } });
    const { stdout } = await slipway(['insights'], gateway.url);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it.each(['yesterday', '2y', '1999-01-01', '-5d'])('takes no %s for a time', async (since) => {
    const { exitCode, stderr } = await slipway(['insights', `--since=${since}`], gateway.url);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is no time of the last 53 weeks');
  });

  it('says how each number is counted, without a gateway', async () => {
    const { exitCode, stdout } = await slipway(['insights', '--how'], 'http://127.0.0.1:9');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Time to restore\n    From the first time');
  });
});

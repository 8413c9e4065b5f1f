import { afterEach, describe, expect, it } from '@jest/globals';
import { gatewayFigures } from '../../workers/gateway-metrics.ts';
import { figuresOf, ownAddress, serveMetrics } from '../../workers/serve-metrics.ts';
import { createMemoryRecords } from '../support/memory-records/memory-records.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const host = '127.0.0.1';

async function serving(...parts: (() => Promise<string>)[]) {
  const { port, close } = await serveMetrics({ host, port: 0 }, parts);
  ends.push(close);
  return port;
}

async function asked(port: number, path = '/metrics') {
  const answer = await fetch(`http://${host}:${port}${path}`, { headers: { connection: 'close' } });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

describe('figures at one address', () => {
  it('are of the gateway and of the SDK beside it, where one process is both', async () => {
    const sdk = { host, port: await serving(async () => 'temporal_request 7\n') };
    const port = await serving(async () => 'slipway_gateway_streams_open 0', figuresOf(sdk));
    expect(await asked(port)).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: 'slipway_gateway_streams_open 0\ntemporal_request 7\n',
    });
    expect((await asked(port, '/')).status).toBe(404);
  });

  it('are told without those of a part that does not answer', async () => {
    const port = await serving(async () => 'slipway_gateway_streams_open 0\n', figuresOf(await ownAddress()));
    expect((await asked(port)).text).toBe('slipway_gateway_streams_open 0\n');
  });

  it('have those of the process, and nothing of Slack where there is none', async () => {
    const metrics = await ownAddress();
    const { measures, close } = await gatewayFigures(
      { metrics, gateway: { host, port: 0 } as never },
      {
        records: createMemoryRecords(),
      },
    );
    ends.push(close);
    measures?.refused('SLIP-CFG-3');
    measures?.refused('of somebody who is called Kim');
    const { text } = await asked(metrics.port);
    expect(text).toMatch(/^slipway_gateway_refusals_total\{code="SLIP-CFG-3"\} 1$/m);
    expect(text).toMatch(/^slipway_gateway_refusals_total\{code="other"\} 1$/m);
    expect(text).toMatch(/^slipway_outbox_oldest_waiting_seconds 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).not.toMatch(/slack|Kim/);
  });

  it('are served nowhere, and counted by nobody, where no address is set', async () => {
    expect(await gatewayFigures({ gateway: {} as never }, { records: createMemoryRecords() })).not.toHaveProperty(
      'measures',
    );
  });
});

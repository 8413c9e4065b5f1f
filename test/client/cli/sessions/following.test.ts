import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../../../domain/contract/gateway.ts';
import { startFakeGateway, type FakeGateway } from '../fake-gateway.ts';
import { slipway } from '../terminal.ts';
import { recorded, session, widths } from './session.ts';
import * as shop from './stories.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
  gateway.on('POST /v1/releases', { status: 201, body: { releaseId: shop.id, created: true } });
});
afterEach(() => gateway.close());

type Looks = [second: number, view: ReleaseView][];
/** At each look the clock says what it said then. */
function goesBy(looks: Looks): number[] {
  gateway.on(`GET /v1/releases/${encodeURIComponent(shop.id)}`, ...looks.map(([, body]) => ({ body })));
  return looks.map(([second]) => shop.seconds(second));
}
const deploy = ['deploy', '--service', 'shop', '--commit', shop.commit, '--branch', 'main', '--request-key', 'k-1'];
const watch = ['watch', shop.id, '--timeout', '5m'];
const well: Looks = [
  [20, shop.building],
  [200, shop.waiting],
  [440, shop.deployingFirst],
  [1_200, shop.deployingOthers],
  [1_341, shop.verified],
];
const badly: Looks = [
  [1_200, shop.deployingOthers],
  [1_300, shop.held],
  [1_330, shop.rollingBack],
  [1_480, shop.rolledBack],
];
const asks: Looks = [
  [200, shop.waiting],
  [501, shop.waiting],
];
const isHeld: Looks = [
  [1_300, shop.held],
  [1_601, shop.held],
];

describe.each(widths)('what a terminal of %d columns shows of', (columns) => {
  it.each([
    ['a deployment that goes well', deploy, well],
    ['one that fails in a region, is held for a person and goes back', deploy, badly],
    ['one that waits for its approval', watch, asks],
    ['one that is held', watch, isHeld],
  ])('%s', async (_what, args, looks) => {
    const shown = await session(args, gateway, { columns, clock: goesBy(looks) });
    expect(recorded(args, shown)).toMatchSnapshot();
    expect(shown.isCursorShown).toBe(true);
  });
});

it('has room for what is asked and what failed on a small screen, where the failure is told whole above', async () => {
  const shown = await session(watch, gateway, { rows: 24, clock: goesBy(isHeld) });
  expect(recorded(watch, shown)).toMatchSnapshot();
});

it.each([
  ['deploy', deploy],
  ['watch', ['watch', shop.id]],
])('%s has one document for programs', async (_what, args) => {
  const clock = goesBy(badly);
  const { json, exitCode } = await slipway([...args, '--json'], gateway.url, { clock });
  expect([json['outcome'], exitCode]).toEqual(['rolled-back', 10]);
});

it.each([
  ['no terminal is', { terminal: false }],
  ['no colours are wanted', { env: { NO_COLOR: '1' } }],
  ['a log of CI is written', { env: { CI: 'true' } }],
  ['nothing can be drawn', { env: { TERM: 'dumb' } }],
])('is lines with the times of what happened, where %s', async (_where, how) => {
  const args = ['watch', shop.id];
  const { stdout, exitCode } = await slipway(args, gateway.url, { terminal: true, clock: goesBy(badly), ...how });
  expect(recorded(args, { exitCode, pictures: [stdout.trimEnd()] })).toMatchSnapshot('lines');
});

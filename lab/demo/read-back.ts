import type { GatewayClient } from '../../client/cli/gateway-client.ts';
import type { VerifiedRelease } from '../../domain/contract/release.ts';
import { digestOf } from '../../domain/images.ts';
import type { CountedEffect, RunningComponent } from '../regions.ts';
import { countPushes, countStatements } from '../shop/effects.ts';
import { shop } from '../shop/pipeline-file.ts';
import type { DemoWorld } from './set-up.ts';

export interface ReadBackRow extends RunningComponent {
  /** The pods run exactly what is recorded as verified in this region. */
  verified: boolean;
  /** Of the release that was verified with it. */
  commit?: string;
}

export interface ReadBack {
  rows: ReadBackRow[];
  effects: CountedEffect[];
  migrations: string[];
}

/** Asks everybody outside what really is: pods for what runs, logs for what was changed, the database for its migrations. */
export async function readBack({ regions, services }: DemoWorld, gateway: GatewayClient): Promise<ReadBack> {
  const [running, lane, effects, migrations] = await Promise.all([
    regions.runs(),
    gateway.lane(shop),
    regions.effects(),
    regions.migrations(),
  ]);
  const known = effects.some(({ where }) => where === 'registry');
  const shared = known
    ? []
    : [
        ...(await countPushes(services.registry.logFile)),
        ...(await countStatements(services.postgres.logFile, 'shop')),
      ];
  return { rows: running.map((row) => compared(row, lane.inventory)), effects: [...shared, ...effects], migrations };
}

function compared(row: RunningComponent, inventory: VerifiedRelease[]): ReadBackRow {
  const record = inventory.find(({ region, component }) => region === row.region && component === row.component);
  const verified =
    row.digest !== undefined &&
    row.pods > 0 &&
    record !== undefined &&
    record.state !== 'revoked' &&
    digestOf(record.image) === row.digest;
  return { ...row, verified, ...(record && { commit: record.commit }) };
}

import type { ShopComponent } from './shop/pipeline-file.ts';
import type { LabRegion } from './world.ts';

/** What runs in a region now, read from its pods: not what anybody says should run. */
export interface RunningComponent {
  region: string;
  component: ShopComponent;
  /** `sha256:…` as the pods report it; undefined when pods differ or there are none. */
  digest: string | undefined;
  pods: number;
}

/** How often something outside was really changed, counted in the logs of the one who was changed. */
export interface CountedEffect {
  /** For example `region de`, `registry`, `database shop`. */
  where: string;
  /** For example `Deployment core set to 2d3ea2dab23e`. */
  what: string;
  times: number;
}

/** The regions of the lab with the shop's Deployments in them, simulated or real. */
export interface LabRegions {
  kind: 'sandbox' | 'kubernetes';
  regions: LabRegion[];
  repository: string;
  commits: { first: string; second: string; broken: string };
  runs(): Promise<RunningComponent[]>;
  effects(): Promise<CountedEffect[]>;
  /** Names of the migrations that the database itself says are applied. */
  migrations(): Promise<string[]>;
  stop(): Promise<void>;
}

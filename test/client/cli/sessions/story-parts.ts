import type { ReleaseView } from '../../../../domain/contract/gateway.ts';
import { releaseId } from '../../../../domain/contract/names.ts';
import type {
  RegionPhase,
  RegionStatus,
  ReleaseStatus,
  Stage,
  StageTiming,
} from '../../../../domain/contract/status.ts';
import { image, noon } from '../builders.ts';

export const commit = '4f0c2b7d9e1a83560c4d7f2e9b1a6c3d5e8f7012';
export const id = releaseId({ service: 'shop', environment: 'production', commit, attempt: 1 });
export const planHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const components = ['core', 'web', 'worker'];
const digits: Record<string, string> = { core: 'a', web: 'b', worker: 'c' };

export const seconds = (n: number) => noon + n * 1_000;

/** Stages, each with the second at which it began; the last one goes on. */
export function way(...begun: [Stage, number][]): StageTiming[] {
  return begun.map(([stage, at], n) => {
    const next = begun[n + 1];
    return { stage, startedAt: seconds(at), ...(next && { endedAt: seconds(next[1]) }) };
  });
}

export function aRegion(
  region: string,
  phase: RegionPhase,
  cells: Partial<Record<string, [RegionPhase, string?]>> = {},
  note?: string,
): RegionStatus {
  return {
    region,
    phase,
    ...(note !== undefined && { note }),
    components: components.map((component) => {
      const [own, words = ''] = cells[component] ?? [phase];
      return { component, image: image(digits[component]!, component), phase: own, note: words };
    }),
  };
}

/** Where its components have no time of their own they have been as they are since then. */
export function since(at: number, region: RegionStatus): RegionStatus {
  return { ...region, components: region.components.map((one) => ({ since: seconds(at), ...one })) };
}

export const regions = ['nl', 'de', 'us-east'];
const log: [number, string][] = [
  [1, 'core will be built: the commit changes what its image is made from'],
  [1, 'web is given'],
  [96, 'core is built: aaaaaaaaaaaa'],
  [97, 'image scan: pass, 214 packages, nothing that counts'],
  [131, 'tests: pass, 1312 passed, 4 skipped'],
  [140, 'note: in us-east nothing may look at the Secret shop-search: it is not known whether it is there'],
  [410, 'kim (cli): approve, looks good'],
  [410, 'approved by kim'],
  [412, 'has the lane'],
  [413, 'main in nl: 2 migrations'],
  [431, 'deploying nl'],
  [1_060, 'nl is steady'],
  [1_061, 'deploying de, us-east'],
];
export const told = (until: number, ...more: [number, string][]) =>
  [...log, ...more].filter(([at]) => at <= until).map(([at, line]) => ({ at: seconds(at), line }));

export const scanned = { name: 'image scan', verdict: 'pass' as const, summary: '214 packages, nothing that counts' };
export const tested = { name: 'tests', verdict: 'pass' as const, summary: '1312 passed, 4 skipped' };

export function shop(status: Partial<ReleaseStatus>, change: Partial<ReleaseView> = {}): ReleaseView {
  return {
    releaseId: id,
    number: 142,
    service: 'shop',
    environment: 'production',
    commit,
    branch: 'main',
    attempt: 1,
    requestedBy: 'ada',
    startedAt: seconds(0),
    open: true,
    why: ['It is going on.'],
    status: {
      releaseId: id,
      stage: 'joining',
      doing: '',
      artifacts: [],
      migrations: [],
      regions: [],
      checks: [],
      timings: [],
      approvals: [],
      log: [],
      ...status,
    },
    ...change,
  };
}

export const upToPlan: [Stage, number][] = [
  ['joining', 0],
  ['building', 1],
  ['checking', 96],
  ['planning', 131],
];
const approvedAt = 410;
export const upToDeploy: [Stage, number][] = [
  ...upToPlan,
  ['awaiting-approval', 141],
  ['awaiting-lane', approvedAt],
  ['migrating', 412],
];
export const approvals = [{ by: 'kim', at: seconds(approvedAt), channel: 'cli' }];
export const decisions = [
  { kind: 'approve' as const, by: 'kim', at: seconds(approvedAt), channel: 'cli', reason: 'looks good' },
];
export const recordedApproval = { planHash, approvals, changed: [], decisions };

import { canonicalJson } from '../../domain/canonical.ts';
import type { EnvironmentFloor, GateTool } from '../../domain/contract/policy.ts';
import type { ReleaseRequest, ReleaseSpec } from '../../domain/contract/release.ts';
import type { ScanJudgement } from '../../domain/scan.ts';
import { head } from '../../domain/whole-text.ts';
import type { GateLook, TreeGates } from '../scan/port.ts';
import type { Progress } from '../shared/progress.ts';
import type { Source } from '../source/port.ts';
import { inCheckout } from './checkout.ts';
import { judged } from './judged.ts';

interface Looking {
  source: Source;
  treeGates: TreeGates;
  floorOf: (environment: string) => Promise<Pick<EnvironmentFloor, 'gates'>>;
  now: () => number;
}

interface Asked {
  name: string;
  spec: Pick<ReleaseSpec, 'environment' | 'policyFloor' | 'scan'>;
  request: Pick<ReleaseRequest, 'repository' | 'commit'>;
}

/**
 * By the program that the policy on this worker's own disk names: nobody else names one. It must be the one that was read with the release, since
 * the plan is approved under that.
 */
export async function lookByGate(deps: Looking, asked: Asked, progress: Progress): Promise<ScanJudgement> {
  const { name, spec, request } = asked;
  const { gates = {} } = await deps.floorOf(spec.environment);
  const tool = Object.hasOwn(gates, name) ? gates[name] : undefined;
  const why = unusable(tool, spec.policyFloor?.[`gates.${name}`]);
  const { reports, note }: GateLook =
    tool && why === undefined
      ? await inCheckout(deps.source, request, (directory) => deps.treeGates.look(name, tool, directory, progress))
      : { reports: [{ kind: 'unscanned', scanner: name, reason: why ?? '' }] };
  const judgement = judged(reports, { failOn: tool?.failOn ?? [], exceptions: spec.scan.exceptions }, deps.now());
  return note === undefined
    ? judgement
    : { ...judgement, summary: head(`${judgement.summary}; ${note}`, mostOfSummary) };
}

const mostOfSummary = 4_000;

/** In words with what to do; undefined where it can be used. */
function unusable(tool: GateTool | undefined, read: unknown): string | undefined {
  if (tool === undefined)
    return 'the policy on this build worker does not ask for it there: give all workers the same policy file (`gates`)';
  if (canonicalJson(tool) === canonicalJson(read)) return undefined;
  return 'the policy on this build worker says other of it than what was read with the release: give all workers the same policy file (`gates`), and release again';
}

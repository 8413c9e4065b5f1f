import type { Cli } from '../../client/cli/cli.ts';
import { table } from '../../client/cli/layout.ts';
import { duration, plural, shortCommit } from '../../client/cli/words.ts';
import { shortDigest } from '../../domain/images.ts';
import { isOutcome, meaningOf, outcomes } from '../../domain/outcomes.ts';
import type { CountedEffect } from '../regions.ts';
import type { Answering } from './approval.ts';
import type { GateState } from './equipment.ts';
import type { DemoOptions } from './options.ts';
import type { ReadBack } from './read-back.ts';
import type { ToldRelease } from './release.ts';
import type { DemoWorld } from './set-up.ts';
import { channelNow } from './slack.ts';

/** What the demo prints with `--json`. Times in milliseconds. */
export interface DemoResult {
  /** What was announced has happened, and was read back. */
  ok: boolean;
  exitCode: number;
  /** `decided`: whatever a person decides, who is asked on the page of a release that is held. */
  announced: 'verified' | 'rolled-back' | 'decided';
  outcome: string;
  summary: string;
  releaseId: string;
  commit: string;
  approval: Answering;
  kind: 'sandbox' | 'kubernetes';
  images: 'built' | 'ready-made';
  regions: {
    region: string;
    components: { component: string; digest?: string; pods: number; commit?: string; verified: boolean }[];
  }[];
  /** What the last release was about. */
  components: { component: string; digest: string; origin: string }[];
  migrations: string[];
  gates: GateState[];
  durations: { total: number; setUp: number; release: number; stages: Record<string, number>; detection?: number };
  effects: CountedEffect[];
  failure?: { code: string; title: string; detail: string };
  worker: { pid: number; restarts: number };
  temporal: { ui?: string; run?: string };
  /** Absent where its pages were not built. */
  dashboard?: { url: string; run?: string };
  /** With `--slack`: what stands in the channel at the end. */
  slack?: string[];
}

export interface ResultFacts {
  options: DemoOptions;
  world: DemoWorld;
  told: ToldRelease;
  seen: ReadBack;
  answering: Answering;
  setUpMs: number;
  totalMs: number;
}

export function resultOf({ options, world, told, seen, answering, setUpMs, totalMs }: ResultFacts): DemoResult {
  const { view, detectedMs } = told;
  const announced = announcedBy(options, answering);
  const outcome = view.outcome ?? 'unknown';
  const isAsAnnounced = announced === 'decided' ? isOutcome(outcome) : outcome === announced;
  const ok = isAsAnnounced && (standsEverywhere(seen) || !shouldStand(outcome));
  const { status } = view;
  const { slack } = world;
  const { pages } = world.engine;
  const { ui, run } = { ui: world.services.temporal.uiUrl, run: view.temporalUrl };
  return {
    ok,
    exitCode: exitCodeOf(ok, announced, outcome),
    announced,
    outcome,
    summary: view.summary ?? '',
    releaseId: view.releaseId,
    commit: view.commit,
    approval: answering,
    kind: world.regions.kind,
    images: world.equipment.builder === undefined ? 'ready-made' : 'built',
    regions: regionsOf(seen),
    components: (status?.artifacts ?? []).map(({ component, image, origin }) => ({
      component,
      digest: image.slice(image.indexOf('sha256:')),
      origin,
    })),
    migrations: seen.migrations,
    gates: Object.values(world.equipment.gates),
    durations: {
      total: Math.round(totalMs),
      setUp: Math.round(setUpMs),
      release: (view.endedAt ?? view.startedAt) - view.startedAt,
      stages: Object.fromEntries(
        (status?.timings ?? []).flatMap((t) => (t.endedAt === undefined ? [] : [[t.stage, t.endedAt - t.startedAt]])),
      ),
      ...(detectedMs !== undefined && { detection: detectedMs }),
    },
    effects: seen.effects,
    ...(status?.failure && {
      failure: { code: status.failure.code, title: status.failure.title, detail: status.failure.detail },
    }),
    worker: { pid: world.engine.supervisor.pid(), restarts: world.engine.supervisor.restarts() },
    temporal: { ...(ui && { ui }), ...(run && { run }) },
    ...(pages !== undefined && { dashboard: { url: pages, ...(view.pageUrl && { run: view.pageUrl }) } }),
    ...(slack && { slack: channelNow(slack) }),
  };
}

function announcedBy({ fail }: DemoOptions, answering: Answering): DemoResult['announced'] {
  if (!fail) return 'verified';
  return answering === 'on its page' ? 'decided' : 'rolled-back';
}

function standsEverywhere({ rows }: ReadBack): boolean {
  return rows.length > 0 && rows.every(({ verified }) => verified);
}

/** What failed, and was left so by whoever decided, stands in no record of what is verified. */
function shouldStand(outcome: string): boolean {
  const { proven, back } = meaningOf(outcome);
  return proven || back;
}

/** 0 when what was announced has happened; else how it ended, but never 0. */
function exitCodeOf(ok: boolean, announced: string, outcome: string): number {
  if (ok) return 0;
  if (outcome === announced || !isOutcome(outcome)) return 1;
  return outcomes[outcome].exitCode || 1;
}

function regionsOf({ rows }: ReadBack): DemoResult['regions'] {
  return [...new Set(rows.map(({ region }) => region))].map((name) => ({
    region: name,
    components: rows
      .filter(({ region }) => region === name)
      .map(({ component, digest, pods, commit, verified }) => ({
        component,
        pods,
        verified,
        ...(digest && { digest }),
        ...(commit && { commit }),
      })),
  }));
}

/** The result for a person: what runs where, how often anything was changed, and where to look. */
export function renderResult(result: DemoResult, { colors }: Cli): string[] {
  const rows = result.regions.flatMap(({ region, components }) =>
    components.map(({ component, digest, pods, commit, verified }) => [
      region,
      component,
      digest ? shortDigest(digest) : 'pods differ',
      commit ? shortCommit(commit) : '-',
      plural(pods, 'pod'),
      verified ? colors.green('✔ verified') : colors.red('✖ not verified'),
    ]),
  );
  return [
    ...table([['region', 'component', 'digest', 'commit', 'read back', ''].map((title) => colors.dim(title)), ...rows]),
    '',
    colors.bold('Effects, counted in the logs of whoever was changed'),
    ...table(effectRows(result.effects)),
    `migrations applied, says the database: ${result.migrations.join(', ') || 'none'}`,
    ...(result.worker.restarts > 0
      ? [`the worker was replaced ${plural(result.worker.restarts, 'time')} meanwhile`]
      : []),
    '',
    verdictLine(result, colors),
  ];
}

function verdictLine({ ok, announced, outcome, durations }: DemoResult, colors: Cli['colors']): string {
  const took = `${duration(durations.total)} in all: ${duration(durations.setUp)} to set up, ${duration(durations.release)} for the release`;
  if (!ok)
    return colors.red(
      `✖ announced was ${announced}; it ended ${outcome}${outcome === announced ? ', but the pods say otherwise' : ''}. ${took}`,
    );
  return `${colors.green(`✔ ${announcedText[announced](outcome)}`)}. ${took}`;
}

const announcedText: Record<DemoResult['announced'], (outcome: string) => string> = {
  verified: () => 'verified in both regions',
  'rolled-back': () => 'rolled back as declared: both regions are back on the last verified release',
  decided: (outcome) => `ended as somebody decided: ${outcome}`,
};

/** One row per place: how many different things were changed there, and each that was changed more than once. */
function effectRows(effects: CountedEffect[]): string[][] {
  return [...new Set(effects.map(({ where }) => where))].map((place) => {
    // Jobs that only plan a migration look and change nothing: they are in the JSON, and not in this table.
    const here = effects.filter(({ where, what }) => where === place && !/\bslipway-plan-/.test(what));
    const kinds = [...new Set(here.map(({ what }) => what.split(' ')[0] ?? ''))];
    const counts = kinds.map(
      (kind) => `${plural(here.filter(({ what }) => what.startsWith(`${kind} `)).length, kind)}`,
    );
    const repeated = here.filter(({ times }) => times > 1).map(({ what, times }) => `${what} × ${times}`);
    return [place, counts.join(', '), repeated.length === 0 ? 'each once' : repeated.join(', ')];
  });
}

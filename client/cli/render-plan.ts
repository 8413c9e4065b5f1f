import type { LeftBehind, PlanView } from '../../domain/contract/gateway.ts';
import type { PlannedComponent, PlannedMigration, VerifiedRelease } from '../../domain/contract/release.ts';
import { shortDigest } from '../../domain/images.ts';
import { leftInWords } from '../../domain/left-behind.ts';
import { gapsInWords } from '../../domain/schema-age.ts';
import type { Colors } from './cli.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { duration, plural, shortCommit } from './words.ts';

export interface PlanOptions {
  hash: string;
  colors: Colors;
  /** What is verified in the environment now; absent when it could not be asked. */
  inventory?: VerifiedRelease[];
  /** Where something else may run than that. */
  leftBehind?: LeftBehind[];
}
type Runs = Pick<PlanOptions, 'inventory' | 'leftBehind'>;

/** What a plan will change, as lines for the person who approves it. Pure. */
export function renderPlan(plan: PlanView, { hash, colors, ...runs }: PlanOptions): string[] {
  const sections = [
    [
      `${colors.bold(`${oneLine(plan.service)} → ${oneLine(plan.environment)}`)}  commit ${shortCommit(oneLine(plan.commit))} on ${oneLine(plan.branch)}`,
      `plan ${oneLine(hash)}`,
    ],
    olderLines(plan, colors),
    [colors.bold('Components'), ...componentLines(plan, runs, colors)],
    migrationLines(plan.migrations, colors),
    [colors.bold('Waves'), ...waveLines(plan)],
    gateLines(plan, colors),
    [
      ...approvalLines(plan),
      `On failure: ${oneLine(plan.onFailure.partial)}${plan.onFailure.confirm ? ', after a person confirmed it' : ''}`,
      ...(plan.onBreach ? [`When seen broken later: ${oneLine(plan.onBreach)}, without asking`] : []),
    ],
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function componentLines(plan: PlanView, runs: Runs, colors: Colors): string[] {
  const rows = plan.components.flatMap((component) => componentRows(component, plan, runs, colors));
  const unknown = runs.inventory
    ? []
    : [`  ${colors.yellow('What runs now could not be asked; only the new digests are shown.')}`];
  return [...table(rows, '  '), ...unknown];
}

/** One row when every region changes from the same digest, else one for each region. */
function componentRows(
  component: PlannedComponent,
  plan: PlanView,
  { inventory, leftBehind = [] }: Runs,
  colors: Colors,
): string[][] {
  const name = oneLine(component.name);
  const origin = oneLine(component.origin);
  if (!inventory) return [[name, `→ ${digest(component.image)}`, origin]];
  const changes = plan.regions.map(({ name: region }) => {
    const here = (one: { component: string; region: string }) =>
      one.component === component.name && one.region === region;
    const left = leftBehind.find((one) => here(one) && one.image !== component.image);
    const text = changeText(inventory.find(here)?.image, component.image, { left, colors });
    return { region: oneLine(region), text, origin: left && component.origin === 'unchanged' ? 'put back' : origin };
  });
  const same = changes.every(({ text }) => text === changes[0]?.text);
  if (same && changes[0]) return [[name, changes[0].text, changes[0].origin]];
  return changes.map(({ region, text, origin: how }, at) => [
    at === 0 ? name : '',
    `${region}: ${text}`,
    at === 0 || how !== origin ? how : '',
  ]);
}

function changeText(
  before: string | undefined,
  after: string,
  { left, colors }: { left: LeftBehind | undefined; colors: Colors },
): string {
  if (left) {
    const to = before === after ? `back to ${digest(after)} (verified)` : `→ ${colors.green(digest(after))}`;
    return `${to}; ${colors.yellow(oneLine(leftInWords(left, shortDigest)))}`;
  }
  if (before === undefined) return `(nothing verified yet) → ${colors.green(digest(after))}`;
  if (before === after) return colors.dim(`${digest(after)} unchanged`);
  return `${digest(before)} → ${colors.green(digest(after))}`;
}

function digest(image: string): string {
  return oneLine(shortDigest(image));
}

/** Before everything else: whoever approves this says that they know better. */
function olderLines({ olderThanSchema = [] }: PlanView, colors: Colors): string[] {
  if (olderThanSchema.length === 0) return [];
  return [
    colors.red(colors.bold('! This code is older than the schema, and may not live with it')),
    ...gapsInWords(olderThanSchema).map((gap) => colors.red(`  ${oneLine(gap)}`)),
    colors.red(
      '  It was asked for with --downgrade. Approve it only if you know that it works on the schema as it is.',
    ),
  ];
}

const breaks = 'destructive: the release before this one cannot live with it';
const mayBreak = 'unknown: nobody can tell whether the release before this one can live with it';

function migrationLines(migrations: PlannedMigration[], colors: Colors): string[] {
  if (migrations.length === 0) return [];
  const lines = migrations.flatMap(({ database, region, component, pending, contracting, unknown = [] }) => [
    `  ${oneLine(database)} (by ${oneLine(component)} in ${oneLine(region)}): ${pending.length === 0 ? 'nothing pending' : plural(pending.length, 'pending migration')}`,
    ...pending.map((name) =>
      contracting.includes(name)
        ? `    ${colors.red(`${oneLine(name)}  ! ${unknown.includes(name) ? mayBreak : breaks}`)}`
        : `    ${oneLine(name)}`,
    ),
  ]);
  const destructive = migrations.some(({ contracting }) => contracting.length > 0);
  const warning = '  ! After these migrations a rollback is refused; going forward is the only way.';
  return [colors.bold('Migrations'), ...lines, ...(destructive ? [colors.red(warning)] : [])];
}

function waveLines({ waves }: PlanView): string[] {
  return waves.map(({ regions, stages }, at) => {
    const looks = stages.flatMap(({ observe }) => observe);
    const bakes = looks.map(
      ({ forMs, everyMs }) => `, then ${duration(forMs)} bake, looked at every ${duration(everyMs)}`,
    );
    return `  ${at + 1}  ${regions.map(oneLine).join(', ')}${bakes.join('')}`;
  });
}

function gateLines({ gates }: PlanView, colors: Colors): string[] {
  if (gates.length === 0) return [];
  const marks: Record<string, string> = { pass: colors.green('✔ pass'), fail: colors.red('✖ fail') };
  const rows = gates.map(({ gate, verdict, summary }) => [
    marks[verdict] ?? colors.yellow(`? ${oneLine(verdict)}`),
    oneLine(gate),
    oneLine(summary),
  ]);
  return [colors.bold('Gates'), ...table(rows, '  ')];
}

function approvalLines({ approval }: PlanView): string[] {
  if (!approval.required) return ['Approval: not required'];
  const groups = approval.groups.map(oneLine).join(', ');
  const requester = approval.excludeRequester ? ', not by the requester' : '';
  return [
    `Approval: ${plural(approval.quorum, 'person', 'people')} of ${groups}${requester}, within ${duration(approval.expiresMs)}`,
  ];
}

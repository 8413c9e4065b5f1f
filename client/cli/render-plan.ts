import type { PlanView } from '../../domain/contract/gateway.ts';
import type { PlannedComponent, PlannedMigration, VerifiedRelease } from '../../domain/contract/release.ts';
import { shortDigest } from '../../domain/images.ts';
import type { Colors } from './cli.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { duration, plural, shortCommit } from './words.ts';

export interface PlanOptions {
  hash: string;
  colors: Colors;
  /** What is verified in the environment now; absent when it could not be asked. */
  inventory?: VerifiedRelease[];
}

/** What a plan will change, as lines for the person who approves it. Pure. */
export function renderPlan(plan: PlanView, { hash, colors, inventory }: PlanOptions): string[] {
  const sections = [
    [
      `${colors.bold(`${oneLine(plan.service)} → ${oneLine(plan.environment)}`)}  commit ${shortCommit(oneLine(plan.commit))} on ${oneLine(plan.branch)}`,
      `plan ${oneLine(hash)}`,
    ],
    [colors.bold('Components'), ...componentLines(plan, inventory, colors)],
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

function componentLines(plan: PlanView, inventory: VerifiedRelease[] | undefined, colors: Colors): string[] {
  const rows = plan.components.flatMap((component) => componentRows(component, plan, inventory, colors));
  const unknown = inventory
    ? []
    : [`  ${colors.yellow('What runs now could not be asked; only the new digests are shown.')}`];
  return [...table(rows, '  '), ...unknown];
}

/** One row when every region changes from the same digest, else one for each region. */
function componentRows(
  component: PlannedComponent,
  plan: PlanView,
  inventory: VerifiedRelease[] | undefined,
  colors: Colors,
): string[][] {
  const name = oneLine(component.name);
  if (!inventory) return [[name, `→ ${digest(component.image)}`, oneLine(component.origin)]];
  const changes = plan.regions.map(({ name: region }) => {
    const row = inventory.find((verified) => verified.component === component.name && verified.region === region);
    return { region: oneLine(region), text: changeText(row?.image, component.image, colors) };
  });
  const same = changes.every(({ text }) => text === changes[0]?.text);
  if (same && changes[0]) return [[name, changes[0].text, oneLine(component.origin)]];
  return changes.map(({ region, text }, at) => [
    at === 0 ? name : '',
    `${region}: ${text}`,
    at === 0 ? oneLine(component.origin) : '',
  ]);
}

function changeText(before: string | undefined, after: string, colors: Colors): string {
  if (before === undefined) return `(nothing verified yet) → ${colors.green(digest(after))}`;
  if (before === after) return colors.dim(`${digest(after)} unchanged`);
  return `${digest(before)} → ${colors.green(digest(after))}`;
}

function digest(image: string): string {
  return oneLine(shortDigest(image));
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

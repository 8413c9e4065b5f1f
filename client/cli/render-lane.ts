import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { shortDigest } from '../../domain/images.ts';
import type { Colors } from './cli.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { dateAndTime, duration, shortCommit } from './words.ts';

interface LaneOptions {
  now: number;
  colors: Colors;
  timeZone?: string;
}

/** Who writes to an environment, who waits, why nobody is let in, and what is verified there. Pure. */
export function renderLane(view: LaneView, options: LaneOptions): string[] {
  const { colors } = options;
  const title = colors.bold(`${oneLine(view.service)} → ${oneLine(view.environment)}`);
  return [
    title,
    ...(view.status ? statusLines(view, view.status, options) : ['  the lane has not been used yet']),
    ...inventoryLines(view, options),
  ];
}

function statusLines(view: LaneView, status: LaneStatus, { now, colors, timeZone }: LaneOptions): string[] {
  const place = `--service ${oneLine(view.service)} --environment ${oneLine(view.environment)}`;
  const said = (what: { reason: string; by: string; at: number }): string =>
    `${oneLine(what.reason)} (${oneLine(what.by)}, ${dateAndTime(what.at, timeZone)})`;
  const holder = status.holder;
  return [
    holder
      ? `  ${colors.cyan('●')} held by ${oneLine(holder.releaseId)} for ${duration(now - holder.since)}`
      : `  ${colors.green('✔')} nobody is writing`,
    ...(status.hold
      ? [
          `  ${colors.red('✖ on hold:')} ${said(status.hold)}`,
          `    next: slipway lane clear-hold ${place} --reason …, when somebody has looked`,
        ]
      : []),
    ...(status.freeze
      ? [`  ${colors.yellow('✖ frozen:')} ${said(status.freeze)}`, `    next: slipway unfreeze ${place} --reason …`]
      : []),
    ...status.queue.map(({ releaseId, claiming, joinedAt }, at) => {
      const state = claiming ? 'ready, waits for the lane' : 'on its way';
      return `  ${at + 1}. ${oneLine(releaseId)} ${colors.dim(`${state}, here for ${duration(now - joinedAt)}`)}`;
    }),
  ];
}

function inventoryLines({ inventory }: LaneView, { colors, timeZone }: LaneOptions): string[] {
  if (inventory.length === 0) return ['', 'Nothing has been verified here yet.'];
  const rows = inventory.map(({ region, component, image, commit, state, verifiedAt }) => [
    oneLine(region),
    oneLine(component),
    oneLine(shortDigest(image)),
    `commit ${shortCommit(oneLine(commit))}`,
    oneLine(state),
    dateAndTime(verifiedAt, timeZone),
  ]);
  return ['', colors.bold('Verified'), ...table(rows, '  ')];
}

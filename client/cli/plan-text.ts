import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import type { PlanToShow } from './plan-to-show.ts';
import { renderPlan } from './render-plan.ts';

export interface FullOption {
  full?: boolean;
}

export function withFull(command: Command): Command {
  return command.option(
    '--full',
    'all that the plan says, however long, not only what differs from what was verified last',
  );
}

/** A plan as wide as the terminal is; elsewhere no line is broken. */
export function planText({ io, colors }: Cli, shown: PlanToShow, { full = false }: FullOption): string[] {
  return renderPlan(shown, { colors, full, width: io.isTTY.stdout ? io.columns() - 2 : Infinity });
}

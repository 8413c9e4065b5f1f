import type { RegionPhase, RegionStatus } from '../../domain/contract/status.ts';
import type { Colors } from './cli.ts';
import { columnsOf, table } from './layout.ts';
import { oneLine } from './safe-text.ts';

interface Options {
  width: number;
  colors: Colors;
}

/** Regions × components; one line for each where the table would not fit. Notes stand below it, since cells are one word. */
export function renderRegions(regions: RegionStatus[], { width, colors }: Options): string[] {
  if (regions.length === 0) return [];
  const names = [...new Set(regions.flatMap(({ components }) => components.map(({ component }) => component)))];
  const grid = table(
    [['', '', ...names.map(oneLine)], ...regions.map((region) => gridRow(region, names, colors))],
    '  ',
  );
  const fits = grid.every((line) => columnsOf(line) <= width);
  return [colors.bold('Regions'), ...(fits ? grid : listRows(regions, colors)), ...notes(regions, colors)];
}

function gridRow({ region, phase, components }: RegionStatus, names: string[], colors: Colors): string[] {
  const cells = names.map((name) => components.find(({ component }) => component === name));
  return [
    oneLine(region),
    phaseText(phase, colors),
    ...cells.map((cell) => (cell ? phaseText(cell.phase, colors) : '-')),
  ];
}

function listRows(regions: RegionStatus[], colors: Colors): string[] {
  return regions.flatMap(({ region, phase, components }) => [
    `  ${oneLine(region)} ${phaseText(phase, colors)}`,
    ...components.map((cell) => `    ${oneLine(cell.component)} ${phaseText(cell.phase, colors)}`),
  ]);
}

function notes(regions: RegionStatus[], colors: Colors): string[] {
  return regions.flatMap(({ region, note, components }) => [
    ...(note ? [`  ${colors.dim(`${oneLine(region)}:`)} ${oneLine(note)}`] : []),
    ...components
      .filter(({ note }) => note)
      .map(({ component, note }) => `  ${colors.dim(`${oneLine(region)} ${oneLine(component)}:`)} ${oneLine(note)}`),
  ]);
}

function phaseText(phase: RegionPhase, colors: Colors): string {
  const text: Record<RegionPhase, string> = {
    pending: colors.dim('· pending'),
    deploying: colors.cyan('● deploying'),
    deployed: colors.cyan('● deployed'),
    verified: colors.green('✔ verified'),
    unproven: colors.yellow('? unproven'),
    failed: colors.red('✖ failed'),
    interrupted: colors.yellow('● interrupted'),
    'rolling-back': colors.yellow('● rolling-back'),
    'rolled-back': colors.yellow('✔ rolled-back'),
    'partly-back': colors.red('● partly-back'),
    unknown: colors.red('? unknown'),
    unchanged: colors.dim('= unchanged'),
  };
  return text[phase] ?? oneLine(String(phase));
}

import type { RegionPhase, RegionStatus } from '../../domain/contract/status.ts';
import type { Colors } from './cli.ts';
import { columnsOf, table } from './layout.ts';
import { oneLine } from './safe-text.ts';

interface Options {
  width: number;
  colors: Colors;
}

/** Regions × components; one line for each where no table would fit. Notes stand below it, since cells are one word. */
export function renderRegions(regions: RegionStatus[], { width, colors }: Options): string[] {
  if (regions.length === 0) return [];
  const names = [...new Set(regions.flatMap(({ components }) => components.map(({ component }) => component)))];
  const grid = [gridOf(regions, names, colors, 'words'), gridOf(regions, names, colors, 'marks')].find((lines) =>
    lines.every((line) => columnsOf(line) <= width),
  );
  return [colors.bold('Regions'), ...(grid ?? listRows(regions, colors)), ...notes(regions, colors)];
}

/** How many there are of each phase, and those that are under way or in trouble by name: of many regions, on a small screen. */
export function regionsInShort(regions: RegionStatus[], { colors }: Pick<Options, 'colors'>): string[] {
  const phases = [...new Set(regions.map(({ phase }) => phase))];
  const lines = phases.map((phase) => {
    const those = regions.filter((region) => region.phase === phase).map(({ region }) => oneLine(region));
    const names = settled.has(phase) ? '' : `: ${those.join(', ')}`;
    return `  ${phaseText(phase, colors)} ${those.length}${names}`;
  });
  return [colors.bold('Regions'), ...lines];
}

const settled: ReadonlySet<RegionPhase> = new Set(['pending', 'verified', 'unchanged', 'rolled-back']);

/** `marks`: the word is left out where it is that of the region, too. */
function gridOf(regions: RegionStatus[], names: string[], colors: Colors, cells: 'words' | 'marks'): string[] {
  const rows = regions.map(({ region, phase, components }) => [
    oneLine(region),
    phaseText(phase, colors),
    ...names.map((name) => {
      const cell = components.find(({ component }) => component === name);
      if (!cell) return '-';
      return cells === 'marks' && cell.phase === phase ? phaseMark(phase, colors) : phaseText(cell.phase, colors);
    }),
  ]);
  return table([['', '', ...names.map(oneLine)], ...rows], '  ');
}

function listRows(regions: RegionStatus[], colors: Colors): string[] {
  return regions.flatMap(({ region, phase, components }) => [
    `  ${oneLine(region)} ${phaseText(phase, colors)}`,
    ...components.map((cell) => `    ${oneLine(cell.component)} ${phaseText(cell.phase, colors)}`),
  ]);
}

/** What is said of the region is not said again of the component that it is about. */
function notes(regions: RegionStatus[], colors: Colors): string[] {
  return regions.flatMap(({ region, phase, note, components }) => [
    ...(note ? [`  ${colors.dim(`${oneLine(region)}:`)} ${wholeBefore({ phase, components })}${oneLine(note)}`] : []),
    ...components
      .filter((one) => one.note && one.note !== note)
      .map(({ component, note }) => `  ${colors.dim(`${oneLine(region)} ${oneLine(component)}:`)} ${oneLine(note)}`),
  ]);
}

/** It was in place and well: what has failed came after that, and is none of the components. */
function wholeBefore({ phase, components }: Pick<RegionStatus, 'phase' | 'components'>): string {
  const isWhole = components.length > 0 && components.every((one) => one.phase === 'verified');
  return phase === 'failed' && isWhole ? 'all its components were verified. Failed since: ' : '';
}

const marks: Record<RegionPhase, [mark: string, color: 'dim' | 'cyan' | 'green' | 'yellow' | 'red']> = {
  pending: ['·', 'dim'],
  deploying: ['●', 'cyan'],
  deployed: ['●', 'cyan'],
  verified: ['✔', 'green'],
  unproven: ['?', 'yellow'],
  failed: ['✖', 'red'],
  interrupted: ['●', 'yellow'],
  'rolling-back': ['●', 'yellow'],
  'rolled-back': ['✔', 'yellow'],
  'partly-back': ['●', 'red'],
  unknown: ['?', 'red'],
  unchanged: ['=', 'dim'],
};

/** A gateway may know others. */
function known(phase: RegionPhase): boolean {
  return Object.hasOwn(marks, phase);
}

function phaseText(phase: RegionPhase, colors: Colors): string {
  return known(phase) ? colors[marks[phase][1]](`${marks[phase][0]} ${phase}`) : oneLine(String(phase));
}

function phaseMark(phase: RegionPhase, colors: Colors): string {
  return known(phase) ? colors[marks[phase][1]](marks[phase][0]) : oneLine(String(phase));
}

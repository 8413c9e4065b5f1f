import { inSections, isChange } from '../../domain/plan-differences.ts';
import type { PlanLine } from '../../domain/plan-differences.ts';
import type { SecondLook } from '../../domain/second-looks/seen.ts';
import type { Colors } from './cli.ts';
import { columnsOf, wrapped } from './layout.ts';
import { plural } from './words.ts';

export interface LineOptions {
  colors: Colors;
  /** Columns of the terminal; Infinity breaks nothing. */
  width: number;
  /** Nothing is cut, however long it is. */
  full: boolean;
  /** There is nothing that the lines differ from. */
  alone: boolean;
}

const folding = { linesOfSection: 60, characters: 1_000 };
/** A mark and a space. */
const markColumns = 2;
/** Before what did not fit on the line above: a value can look like a line, and this is how one knows that it is none. */
const goesOn = '| ';
/** Beyond it the name of a field stands on a line of its own. */
const widestName = 46;

/** What a plan says, by section, arranged for a terminal: the words are all the domain's. */
export function renderPlanLines(lines: readonly PlanLine[], options: LineOptions): string[][] {
  const { colors, full, alone } = options;
  return inSections(lines, full ? undefined : folding).map(({ section, lines: shown, more }) => {
    const widest = Math.max(...shown.map(({ what }) => columnsOf(what)).filter((columns) => columns <= widestName), 0);
    const rows = shown.flatMap((line) => rowOf(line, { ...options, alone }, widest));
    const rest =
      more > 0 ? [colors.yellow(`  … and ${plural(more, 'line')} more of ${section}: --full shows them`)] : [];
    return [colors.bold(section), ...rows, ...rest];
  });
}

/** The name of a field, then what it is: on its line where there is room, else below, so that a digest stays in one piece. */
function rowOf(line: PlanLine, options: LineOptions, widest: number): string[] {
  const { colors, width } = options;
  const isSame = !options.alone && line.always !== true && !isChange(line);
  const name = wrapped(line.what, width - 4).map(
    (row, at) => (at === 0 ? '  ' : '  | ') + (isSame ? colors.dim(row) : row),
  );
  const gap = widest + 2 - columnsOf(line.what);
  const beside = 2 + widest + 2;
  const isBelow = gap < 2 || longestWord(line) > width - beside - markColumns;
  const indent = isBelow ? 4 : beside;
  const [first = '', ...rest] = valueRows(line, { ...options, width: width - indent });
  const below = rest.map((row) => ' '.repeat(indent) + row);
  return isBelow
    ? [...name, ' '.repeat(indent) + first, ...below]
    : [`${name.join('')}${' '.repeat(gap)}${first}`, ...below];
}

function longestWord({ before = '', after = '' }: PlanLine): number {
  return Math.max(...`${before} ${after}`.split(' ').map(columnsOf));
}

/** `+` is new, `-` is gone; both together are a change. What only is, or is about this release alone, has no mark. */
function valueRows({ before, after, note, always }: PlanLine, { colors, width, alone }: LineOptions): string[] {
  const marked = (mark: string, text: string, color: (text: string) => string): string[] =>
    wrapped(text, width - markColumns).map((row, at) => (at === 0 ? `${color(mark)} ${row}` : goesOn + row));
  const notes = note === undefined ? [] : marked(' ', note, (text) => text).map(colors.dim);
  if (after !== undefined && (alone || always === true)) return marked(' ', after, (text) => text);
  if (before === after) return marked(' ', after ?? '', (text) => text).map(colors.dim);
  if (before === undefined) return marked('+', after!, colors.green);
  if (after === undefined) return marked('-', before, colors.red);
  const short = `${before} → ${after}`;
  if (columnsOf(short) <= Math.min(width - markColumns, 60)) return [`  ${before} → ${colors.green(after)}`, ...notes];
  return [...marked('-', before, colors.red), ...marked('+', after, colors.green), ...notes];
}

/** What deserves a second look, each with the reason below it. Never shortened. */
export function renderSecondLooks(looks: readonly SecondLook[], { colors, width }: LineOptions): string[] {
  if (looks.length === 0) return [];
  const rows = looks.flatMap(({ what, why }) => [
    ...wrapped(what, width - 4).map((row, at) => (at === 0 ? `  ${colors.yellow('!')} ${row}` : `  ${goesOn}${row}`)),
    ...wrapped(why, width - 6).map((row) => colors.dim(`      ${row}`)),
  ]);
  return [colors.bold(colors.yellow(`Look twice (${looks.length})`)), ...rows];
}

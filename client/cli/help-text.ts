import type { Io } from './io.ts';
import { columnsOf, foldedTo, wrapped } from './layout.ts';

/** As wide as `COLUMNS` says, as for `man`; else as the terminal is. */
export function helpWidth({ env, columns }: Pick<Io, 'env' | 'columns'>): number {
  const asked = /^[1-9]\d{0,4}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : undefined;
  return asked ?? columns();
}

/** Room for a remark beside an example. */
const narrowestRemark = 24;

/** Help as it was written, in so many columns: remarks go on below themselves, or stand below their example. Commands stay in one piece. */
export function foldedHelp(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (columnsOf(line) <= columns ? [line] : folded(line, columns)))
    .join('\n');
}

function folded(line: string, columns: number): string[] {
  const [, example, gap, remark] = /^(.*\S)( {2,})(\S.*)$/.exec(line) ?? [];
  if (example === undefined) return isCommand(line) ? [line] : indentedTo(line, columns);
  if (columns - columnsOf(example + gap!) >= narrowestRemark) return foldedTo(line, columns);
  return [example, ...indentedTo(`      ${remark!}`, columns)];
}

const isCommand = (line: string) => /^ *slipway /.test(line);

/** A paragraph: each of its lines begins where the first does. */
function indentedTo(line: string, columns: number): string[] {
  const lead = /^ */.exec(line)![0];
  return wrapped(line.trimStart(), columns - lead.length).map((one) => lead + one);
}

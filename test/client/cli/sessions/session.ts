import type { FakeGateway } from '../fake-gateway.ts';
import { slipway, type Terminal } from '../terminal.ts';
import { aScreen } from './screen.ts';

interface Session {
  exitCode: number;
  /** What the terminal showed at each pause of a command that follows, and at its end. */
  pictures: string[];
  isCursorShown: boolean;
}

export const widths = [80, 120];

/** One command, typed in a terminal of that width without colours in which nothing else was typed. */
export async function session(
  args: string[],
  { url }: Pick<FakeGateway, 'url'>,
  { columns = 80, rows = 50, ...options }: Terminal = {},
): Promise<Session> {
  const screen = aScreen(columns, rows);
  const pictures: string[] = [];
  const { exitCode } = await slipway(args, url, {
    terminal: true,
    columns,
    rows,
    ...options,
    onWrite: (text) => screen.write(text.replaceAll(url, 'https://slipway.example.com')),
    onPause: (pauses) => {
      pictures.push(screen.text());
      options.onPause?.(pauses);
    },
  });
  return { exitCode, pictures: [...pictures, screen.text()], isCursorShown: screen.isCursorShown() };
}

/** As a person would paste it: the command, what was seen of it at each look, and how it ended. */
export function recorded(args: string[], { exitCode, pictures }: Pick<Session, 'exitCode' | 'pictures'>): string {
  const looks = pictures.map(
    (picture, at) => `--- ${at === pictures.length - 1 ? 'at its end' : `look ${at + 1}`}\n${picture}`,
  );
  const shown = pictures.length === 1 ? pictures : looks;
  return [`$ slipway ${args.join(' ')}`, ...shown, `[${exitCode}]`].join('\n');
}

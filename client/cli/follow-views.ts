import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { Cli } from './cli.ts';
import { createEventFeed } from './events.ts';
import type { Io } from './io.ts';
import { foldedToRead } from './layout.ts';
import { liveScreen } from './live-screen.ts';
import { renderLive } from './render-live.ts';
import { endLines, failureLines, renderStatus } from './render-status.ts';
import { oneLine } from './safe-text.ts';
import { clock } from './words.ts';

/** Where somebody sees a release go by. */
export interface FollowView {
  /** For so long nobody need ask again where nothing moves. */
  longestPauseMs: number;
  show(view: ReleaseView): void;
  /** The gateway did not answer; the release goes on. */
  trouble(message: string): void;
  close(): void;
}

/** The way that fits: a picture in a terminal, lines elsewhere, and for programs nothing but lines for a person on stderr. */
export function chooseFollowView(cli: Cli, json: boolean): FollowView {
  const { io } = cli;
  if (json) return io.isTTY.stderr ? eventLines(cli, (line) => cli.note(line)) : silent;
  return canBeDrawnOn(io) ? livePicture(cli) : eventLines(cli, (line) => cli.print(line));
}

/** Lines are what logs of CI keep, and what those want who want no colours. */
function canBeDrawnOn({ isTTY, env }: Io): boolean {
  return isTTY.stdout && env['TERM'] !== 'dumb' && !env['CI'] && !env['NO_COLOR'];
}

/** Where the gateway has to be asked: whoever sits before a picture sees within a second what the gateway knows; lines are in no hurry, since they have the times of what happened. */
const longestPauseMs = { ofPicture: 600, ofLines: 3_000 };

/** For whoever waits for the end alone. */
export const silent: FollowView = {
  longestPauseMs: longestPauseMs.ofLines,
  show: () => {},
  trouble: () => {},
  close: () => {},
};

/** One line for each thing that happens. */
export function eventLines({ io, colors }: Cli, write: (line: string) => void): FollowView {
  const feed = createEventFeed();
  let away = false;
  let failure = '';
  return {
    longestPauseMs: longestPauseMs.ofLines,
    show(view) {
      if (away) write(`${clock(io.now())} the gateway answers again`);
      away = false;
      feed(view, io.now()).forEach(write);
      const cause = view.status?.failure ? failureLines(view.status.failure, { colors }) : [];
      if (cause.join() !== failure) cause.forEach(write);
      failure = cause.join();
      if (view.open || view.outcome === undefined) return;
      const [end, ...rest] = endLines(view);
      [`${clock(view.endedAt ?? io.now())} ${end}`, ...rest].forEach(write);
    },
    trouble(message) {
      if (!away) write(`${clock(io.now())} ${oneLine(message)}; trying again, the release goes on`);
      away = true;
    },
    close: () => {},
  };
}

/** The release as it is, drawn over in place; how it ended stays, whole. */
function livePicture({ io, colors }: Cli): FollowView {
  const screen = liveScreen(io);
  const said = new Set<string>();
  let last: ReleaseView | undefined;
  let away: string | undefined;
  const draw = (): void => {
    const width = io.columns() - 1;
    const options = { now: io.now(), width, colors };
    if (last && !last.open) return screen.draw(renderStatus(last, options));
    const trouble = away === undefined ? [] : foldedToRead(colors.yellow(awayWords(away)), width);
    const room = Math.max(1, io.rows() - 1 - trouble.length);
    const { lines, untold } = last ? renderLive(last, { ...options, rows: room }) : { lines: [], untold: [] };
    const words = untold.join('\n');
    if (words && !said.has(words)) screen.say(untold);
    said.add(words);
    screen.draw([...lines, ...trouble]);
  };
  const forget = io.onResize(draw);
  // Times go on also where nothing is seen to move.
  const stop = io.every(1_000, draw);
  return {
    longestPauseMs: longestPauseMs.ofPicture,
    show(view) {
      last = view;
      away = undefined;
      draw();
    },
    trouble(message) {
      away = message;
      draw();
    },
    close() {
      forget();
      stop();
      screen.close();
    },
  };
}

function awayWords(message: string): string {
  return `the gateway does not answer, trying again: ${oneLine(message)}. The release goes on.`;
}

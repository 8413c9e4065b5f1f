import { visible } from '../../../domain/visible.ts';

/** What is shown of one text, wherever it comes from. */
const mostLines = 60;

/** A text as lines that can be seen: where it breaks it breaks, and nothing else in it does anything. */
export function linesOf(text: string): string[] {
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n');
  const left = lines.length - mostLines;
  const shown = left > 0 ? [...lines.slice(0, mostLines), `… ${left} more lines`] : lines;
  return shown.map((line) => visible(line.replaceAll('\t', '    ')));
}

/** All of a log, whose length the gateway has bounded. */
export function logInLines(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  return lines.map((line) => visible(line.replaceAll('\t', '    '))).join('\n');
}

import type { Decision } from '../../domain/contract/decisions.ts';
import { head } from '../../domain/whole-text.ts';

/** Text of strangers in a message of ours: nothing in it is a mention, a link or a line of its own (`verbatim` keeps Slack from making some). */
export function plain(text: string, most = 300): string {
  const line = text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  return escaped(line.length > most ? `${head(line, most - 1)}…` : line);
}

/** https://docs.slack.dev/messaging/formatting-message-text: these three, and no others. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A moment as each reader's own clock has it. `at`: ms. */
export function moment(at: number): string {
  const fallback = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(at / 1_000)}^{date_short_pretty} {time}|${fallback} UTC>`;
}

/** What was decided, behind a name: `kim approved it`. */
export const done: Record<Decision['kind'], string> = {
  approve: 'approved it',
  reject: 'rejected it',
  abort: 'called it off',
  'roll-back': 'has it rolled back',
  'accept-failure': 'accepted it as it is',
  retry: 'had it tried again',
};

import type { types } from '@slack/bolt';
import type { Posted } from './channel.ts';

/** A message as a terminal shows it: what is bold, a link or a clock in Slack is plain here, and buttons stand in brackets. */
export function messageLines({ blocks, text, to }: Posted): string[] {
  const lines = blocks.length === 0 ? linesOf(text) : blocks.flatMap(blockLines);
  return to === undefined ? lines : lines.map((line, at) => (at === 0 ? `(to ${to} alone) ${line}` : line));
}

function blockLines(block: types.KnownBlock): string[] {
  switch (block.type) {
    case 'header':
      return [block.text.text];
    case 'section':
      return linesOf(block.text?.text ?? '');
    case 'context':
      return block.elements.flatMap((one) => ('text' in one ? linesOf(one.text) : []));
    case 'actions': {
      const buttons = block.elements.flatMap((one) => (one.type === 'button' ? [`[ ${one.text.text} ]`] : []));
      return [buttons.join(' ')];
    }
    default:
      return [];
  }
}

const emoji: Record<string, string> = {
  ':white_check_mark:': '✔',
  ':x:': '✖',
  ':warning:': '⚠',
  ':hourglass_flowing_sand:': '…',
  ':raised_hand:': '✋',
  ':white_circle:': '○',
  ':grey_question:': '?',
  ':leftwards_arrow_with_hook:': '↩',
  ':eyes:': '•',
  ':information_source:': 'i',
};

/** https://docs.slack.dev/messaging/formatting-message-text */
function linesOf(mrkdwn: string): string[] {
  return mrkdwn
    .replaceAll(/:[a-z_]+:/g, (name) => emoji[name] ?? name)
    .replaceAll(/<(?:!date\^\d+\^[^|>]*|[^|>\s]+)\|([^>]*)>/g, '$1')
    .replaceAll(/^\*(.*)\*$/gm, '$1')
    .replaceAll('`', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .split('\n');
}

import { expect, it } from '@jest/globals';
import { messageLines } from '../../../lab/slack/channel-lines.ts';
import type { Posted } from '../../../lab/slack/channel.ts';

const aMessage = (changes: Partial<Posted>): Posted => ({ ts: '1.0', text: 'shop', blocks: [], edits: 0, ...changes });

it('a message of Slack is shown as people read it, with its buttons in brackets', () => {
  const button = (text: string) =>
    ({ type: 'button', action_id: text, text: { type: 'plain_text', text }, value: '{}' }) as const;
  const lines = messageLines(
    aMessage({
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'shop#1 → production' } },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*:x: failed*\n`core` &lt;!channel&gt; &amp;amp; at <!date^17^{time}|06:08 UTC>, <https://git.test/c/1|abc>',
          },
        },
        { type: 'actions', elements: [button('Approve'), button('Reject')] },
        { type: 'context', elements: [{ type: 'mrkdwn', text: 'kim approved it' }] },
      ],
    }),
  );
  expect(lines).toEqual([
    'shop#1 → production',
    '✖ failed',
    'core <!channel> &amp; at 06:08 UTC, abc',
    '[ Approve ] [ Reject ]',
    'kim approved it',
  ]);
});

it('a message of Slack that is text alone is shown as that, and says whom alone it is for', () => {
  expect(messageLines(aMessage({ text: 'it is over\nsee above', to: 'UKIM' }))).toEqual([
    '(to UKIM alone) it is over',
    'see above',
  ]);
});

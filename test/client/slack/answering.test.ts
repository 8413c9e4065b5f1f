import { describe, expect, it } from '@jest/globals';
import { allowancesFor, createAllow } from '../../../client/gateway/limits.ts';
import { answering, personOf } from '../../../client/slack/answering.ts';
import { slackClient } from '../../../client/slack/door.ts';
import type { SlackParts } from '../../../client/slack/parts.ts';
import { useSlack } from './slack.ts';

const slack = useSlack();

describe('what one account may ask for in Slack', () => {
  it('is bounded, told to it, and no matter of other accounts', async () => {
    const parts = {
      client: slackClient('xoxb-test', slack),
      allow: createAllow(() => 0, allowancesFor()),
      log: () => {},
    };
    const asker = { user: 'UKIM', channel: slack.channel };
    let done = 0;
    const work = () => Promise.resolve(void (done += 1));
    for (let n = 0; n < 121; n += 1) await answering(parts, asker, work);
    expect([done, slack.of('chat.postEphemeral').map(({ user, text }) => `${user}: ${text}`)]).toEqual([
      120,
      [expect.stringMatching(/^UKIM: .*Nothing has changed: more orders than the gateway takes from one caller/)],
    ]);
    await answering(parts, { ...asker, user: 'ULEE' }, work);
    expect(done).toBe(121);
  });

  it('is, of one whom the policy knows, what that person may ask for by every door together', async () => {
    const allow = createAllow(() => 0, allowancesFor());
    const kim = { id: 'kim', groups: [], via: 'slack' };
    const parts = { allow, who: () => Promise.resolve(kim) } as unknown as SlackParts;
    for (let n = 0; n < 120; n += 1) allow('write', 'kim');
    await expect(personOf(parts, 'UKIM')).rejects.toMatchObject({ status: 429 });
  });
});

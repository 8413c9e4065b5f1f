import { expect, it } from '@jest/globals';
import { withStop } from '../../../client/dashboard/words/with-stop.ts';

it.each([
  ['there is no release x', 'there is no release x.'],
  ['who may?', 'who may?'],
  ['of \u202eyalp\nplay', 'of \\u{202e}yalp\\nplay.'],
])('what the gateway says is shown with something behind it, and none of it is unseen: %j', (said, shown) => {
  expect(withStop(said)).toBe(shown);
});

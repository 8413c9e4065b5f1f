import { describe, expect, it } from '@jest/globals';
import type { Resolve } from '../../activities/shared/outward.ts';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import { describeVerification } from './verification.suite.ts';

describeVerification('HTTP', (timeoutMs = 60_000) => createVerification({ timeoutMs }));

describe('the name of an endpoint', () => {
  const endpoint = {
    kind: 'http',
    name: 'shop',
    url: 'https://shop.test/',
    status: 200,
    successes: 1,
    timeoutMs: 1,
  } as const;
  const failing =
    (code: string): Resolve =>
    (_name, _options, callback) =>
      callback(Object.assign(new Error(code), { code }), []);

  it.each([
    ['unknown where the servers of names say that there is none', 'ENOTFOUND', true],
    ['not told where none of them answers', 'EAI_AGAIN', false],
  ])('is %s', async (_what, code, unknown) => {
    expect(await createVerification({ resolve: failing(code) }).isUnknown(endpoint, [])).toBe(unknown);
  });
});

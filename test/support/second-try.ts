import { beforeEach, expect, jest } from '@jest/globals';

/**
 * A test of this file that fails may be tried once more, at once, where leave is given for it before the next test begins: what is answered gives
 * it, and tells why in the log, where also stands what failed first. Jest tries again for any reason; without leave the second try fails before it
 * does anything. Called at the top of a file, where it holds for each test of it, before other hooks.
 */
export function secondTryByLeave(): (why: string) => void {
  jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });
  let last: { name?: string | undefined; hasLeave: boolean } = { hasLeave: false };
  beforeEach(() => {
    const name = expect.getState().currentTestName;
    // A name is had by one test of a file.
    if (name === last.name && !last.hasLeave)
      throw new Error('it failed, and is not tried again: what failed is told above, under "LOGGING RETRY ERRORS"');
    last = { name, hasLeave: false };
  });
  return (why) => {
    last.hasLeave = true;
    console.warn(`may be tried once more: ${why}`);
  };
}

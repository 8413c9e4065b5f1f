import type { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from '@jest/globals';
import { knownSecrets } from '../../activities/shared/known-secrets.ts';
import { atBoundary } from '../../activities/steps/boundary.ts';
import { failure } from '../../domain/errors/catalogue.ts';

const secret = 'correct-horse-battery';
knownSecrets.know(secret);
const written = [secret, Buffer.from(`bot:${secret}`).toString('base64'), Buffer.from(secret).toString('hex')];

async function failureOf(error: Error): Promise<ApplicationFailure> {
  const { step } = atBoundary({ step: () => Promise.reject(error) });
  return step().then(
    () => Promise.reject(new Error('the step did not fail')),
    (thrown: unknown) => thrown as ApplicationFailure,
  );
}

/** Everything of it that goes to Temporal. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { details } = error as { details?: unknown };
  return `${error.message}\n${error.stack}\n${JSON.stringify(details)}\n${told(error.cause)}`;
}

describe('a failure on its way to Temporal', () => {
  it.each(written)('shows nothing that the worker knows (%#)', async (form) => {
    const known = failure('SLIP-SRC-2', `the server said ${form}`);
    const unknown = new Error(`it said ${form}`, { cause: new Error(`because ${form}`) });
    for (const error of [known, unknown]) {
      const text = told(await failureOf(error));
      expect(text).toMatch(/said (Ym90O)?[^ ]*\[redacted\]/);
      expect(text).not.toContain(form.slice(8));
    }
  });

  it('keeps code, kind and cause', async () => {
    const given = await failureOf(failure('SLIP-SRC-1', 'it is elsewhere'));
    expect(given).toMatchObject({ type: 'SLIP-SRC-1', nonRetryable: true, details: [{ detail: 'it is elsewhere' }] });
    expect(given.cause?.name).toBe('Failure');
  });
});

import { Failure } from '../../domain/errors/failure.ts';

const mostTries = 50;

/** The answer of `call`, made again after each retryable failure, as Temporal does with the step that makes it. Bounded. */
export async function triedAgain<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const isRetryable = error instanceof Failure && error.details.kind === 'retryable';
      if (!isRetryable || tries >= mostTries) throw error;
    }
  }
}

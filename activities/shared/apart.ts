import { Worker } from 'node:worker_threads';

type AnyReader = (...args: never[]) => unknown;

/** Of one call. What does not end within them was made to last. */
const bounds = { timeoutMs: 120_000, heapMegabytes: 2_048 };

/** In the thread: loads the module anew, and answers once. Everything that varies comes as data. */
const script = `
  const { parentPort, workerData: { module, name, args } } = require('node:worker_threads');
  import(module)
    .then((loaded) => loaded[name](...args))
    .then((answer) => ({ answer }), (error) => ({ refusal: String(error?.message ?? error) }))
    .then((told) => parentPort.postMessage(told));
`;

type Told<T> = { answer: T } | { refusal: string };

/**
 * The same function, called in a thread of its own: what takes a second to read, or more memory than there is, stops no other step and no
 * heartbeat. Arguments and answer are copied, so the answer should be small. `module` is the URL of the file that exports it as `name`.
 * The thread shares nothing with this process: it knows none of its secrets. Throws an Error with the message that the function threw.
 */
export function apart<Reader extends AnyReader>(module: string, name: string) {
  return async (...args: Parameters<Reader>): Promise<Awaited<ReturnType<Reader>>> => {
    const thread = new Worker(script, {
      eval: true,
      workerData: { module, name, args },
      resourceLimits: { maxOldGenerationSizeMb: bounds.heapMegabytes },
    });
    const timer = setTimeout(() => void thread.terminate(), bounds.timeoutMs);
    try {
      const told = await answerOf<Awaited<ReturnType<Reader>>>(thread);
      if ('refusal' in told) throw new Error(told.refusal);
      return told.answer;
    } finally {
      clearTimeout(timer);
      await thread.terminate();
    }
  };
}

function answerOf<T>(thread: Worker): Promise<Told<T>> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error(`it was not read within ${bounds.timeoutMs / 1_000} s`)));
  });
}

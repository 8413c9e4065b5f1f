import type { ServerResponse } from 'node:http';

export type Answer = Pick<ServerResponse, 'once' | 'destroyed' | 'writableFinished'>;

/** Once, and at once where it is so already: the answer has left the process, or nobody is there any more to take it. */
export function whenOver(answer: Answer, then: () => void): void {
  let isOver = false;
  const over = () => {
    if (isOver) return;
    isOver = true;
    then();
  };
  if (answer.destroyed || answer.writableFinished) over();
  else answer.once('finish', over).once('close', over);
}

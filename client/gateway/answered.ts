import type { ServerResponse } from 'node:http';

export type Answer = Pick<ServerResponse, 'once'>;

/** Once: the answer has left the process, or nobody is there any more to take it. */
export function whenOver(answer: Answer, then: () => void): void {
  let isOver = false;
  const over = () => {
    if (isOver) return;
    isOver = true;
    then();
  };
  answer.once('finish', over).once('close', over);
}

import { whenOver } from './answered.ts';
import type { Answer } from './answered.ts';
import { Refused } from './errors.ts';
import type { UnderWayNow } from './measures.ts';

/** Answers are of a few megabytes at most: what they cost while they are made, and wait to be taken, is bounded by how many there are. */
export const mostUnderWay = { ofOne: 20, inAll: 200 };

/** What somebody is told who has too many. */
const aboutQuestions = {
  what: 'more questions at once than the gateway answers',
  next: 'Nothing was looked up. Try again in 1 s; a program should ask when the answer before has come.',
};

/** Questions from their beginning until the answer is both made and gone: whoever hangs up has not ended the work. */
export interface UnderWay {
  /** Throws 429 for a caller who has too many, 503 where all together have. */
  begin(caller: string, answer: Answer): void;
  made(answer: Answer): void;
  now(): UnderWayNow;
}

interface Question {
  caller: string;
  isMade: boolean;
  isGone: boolean;
}

export function createUnderWay({ ofOne, inAll } = mostUnderWay, say = aboutQuestions): UnderWay {
  const questions = new WeakMap<Answer, Question>();
  const callers = new Map<string, number>();
  let all = 0;
  const endIfOver = ({ caller, isMade, isGone }: Question) => {
    if (!isMade || !isGone) return;
    all -= 1;
    const left = callers.get(caller)! - 1;
    if (left > 0) callers.set(caller, left);
    else callers.delete(caller);
  };
  return {
    begin(caller, answer) {
      const own = callers.get(caller) ?? 0;
      if (own >= ofOne) throw new Refused(429, 'too-many-requests', `${say.what} to one`, say.next, 1);
      if (all >= inAll) throw new Refused(503, 'unavailable', `${say.what} in all`, say.next, 1);
      callers.set(caller, own + 1);
      all += 1;
      const question = { caller, isMade: false, isGone: false };
      questions.set(answer, question);
      whenOver(answer, () => {
        question.isGone = true;
        endIfOver(question);
      });
    },
    now: () => ({ all, callers: callers.size }),
    made(answer) {
      const question = questions.get(answer);
      if (!question || question.isMade) return;
      question.isMade = true;
      endIfOver(question);
    },
  };
}

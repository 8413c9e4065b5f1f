/** Asks what nobody else is asking about the same, and shares the next answer with all who come meanwhile. */
export type SharedQuestions = <Answer>(about: string, ask: () => Promise<Answer>) => Promise<Answer>;

/**
 * One question at a time about the same. Whoever comes while one is under way shares the next, which is asked after they came: what they did
 * before is in its answer. Temporal keeps one question for a run whose worker is busy, and whoever asks another is told to come back a second
 * later (`history.MaxBufferedQueryCount`): a few pages and lists of one run would wait for each other longer than the run takes for its steps.
 */
export function sharedQuestions(): SharedQuestions {
  interface Question {
    isOver: Promise<void>;
    next?: Promise<unknown>;
  }
  const underWay = new Map<string, Question>();
  const begin = <Answer>(about: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const answer = ask();
    const isOver = answer.then(nothing, nothing);
    const question: Question = { isOver };
    underWay.set(about, question);
    // Whoever waits for the next one begins it right behind this.
    void isOver.then(() => underWay.delete(about));
    return answer;
  };
  return <Answer>(about: string, ask: () => Promise<Answer>) => {
    const question = underWay.get(about);
    if (!question) return begin(about, ask);
    question.next ??= question.isOver.then(() => begin(about, ask));
    return question.next as Promise<Answer>;
  };
}

function nothing(): void {}

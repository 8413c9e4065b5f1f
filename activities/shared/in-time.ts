/** What the work answers, or what `late` makes of it once its time is over. The work itself may go on. */
export async function inTime<T>(work: Promise<T>, limitMs: number, late: (words: string) => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(`no answer in ${limitMs / 1_000} s`)), limitMs);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}

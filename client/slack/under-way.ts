/** What was acknowledged, and is done behind it. */
export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();

  get size(): number {
    return this.#work.size;
  }

  /** `work` throws nothing. */
  add(work: Promise<unknown>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  /** Resolves when nothing of it is under way any more. */
  async over(): Promise<void> {
    await Promise.all(this.#work);
  }
}

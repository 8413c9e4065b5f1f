/** Temporal was there, and no worker answered in the time that it had. What was asked for may still be done. */
export class NoAnswer extends Error {
  constructor(what: string) {
    super(`no engine worker has answered in time; ${what} may still be carried out`);
    this.name = 'NoAnswer';
  }
}

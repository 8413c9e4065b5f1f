/** Nobody has answered in the time that there was: `Engine.away` says who, as far as that can be told. What was asked for may still be done. */
export class NoAnswer extends Error {
  constructor(what: string) {
    super(`the engine has not answered in time; ${what} may still be carried out`);
    this.name = 'NoAnswer';
  }
}

/** Whoever runs under the lane's id was reached, and does not take the order. */
export class NotTaken extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotTaken';
  }
}

/** As gRPC says DEADLINE_EXCEEDED: for a client that does not keep the limit it was given, while it tries a broken connection again. */
export class TemporalLate extends Error {
  readonly code = 4;
  constructor(words: string) {
    super(`Temporal: ${words}`);
    this.name = 'TemporalLate';
  }
}

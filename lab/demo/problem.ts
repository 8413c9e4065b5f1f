import { CliFailure } from '../../client/cli/failures.ts';
import { Failure } from '../../domain/errors/failure.ts';

/** What keeps the demo from going on, in one sentence, with the next step. */
export class Problem extends Error {
  readonly next: string;
  constructor(message: string, next: string) {
    super(message);
    this.name = 'Problem';
    this.next = next;
  }
}

const known: { sign: RegExp; message: string; next: string }[] = [
  {
    sign: /\bENOSPC\b|No space left on device/i,
    message: 'the disk is full',
    next: 'Free about 1 GB (or name another directory for temporary files in TMPDIR) and run the demo again.',
  },
  {
    sign: /\b(ENOTFOUND|EAI_AGAIN|ENETUNREACH|ETIMEDOUT)\b|Temporary failure (in name resolution|resolving)|Could not resolve|Failed to fetch|dial tcp|could not be had/i,
    message: 'something that has to be installed cannot be downloaded',
    next: 'Connect this machine (or set the proxy or mirror it needs) and run the demo again; what is there already is kept.',
  },
  {
    sign: /\bEADDRINUSE\b|address already in use/i,
    message: 'a port was taken by another program in the very moment it was needed',
    next: 'Run the demo again: it chooses free ports each time.',
  },
  {
    sign: /\bEMFILE\b|too many open files/i,
    message: 'this shell may not open enough files',
    next: 'Raise the limit (`ulimit -n 4096`) and run the demo again.',
  },
  {
    sign: /\bEACCES\b|\bEPERM\b/,
    message: 'something may not be read or written',
    next: 'Run the demo as the user who owns the checkout and ~/.cache/slipway.',
  },
];

/** The error as a person should read it. */
export function problemOf(error: unknown): { message: string; next: string } {
  if (error instanceof Problem) return { message: error.message, next: error.next };
  if (error instanceof CliFailure) return { message: error.message, next: error.details.next };
  if (error instanceof Failure) return { message: error.message, next: error.details.next };
  const text = error instanceof Error ? error.message : String(error);
  const match = known.find(({ sign }) => sign.test(text));
  if (match) return { message: `${match.message}: ${text}`, next: match.next };
  return {
    message: text,
    next: 'Run the demo again; if it says the same, this is a defect: report it with these lines.',
  };
}

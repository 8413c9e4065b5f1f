import { redactedHead } from '../shared/redact.ts';
import { servingStatus } from './health-message.ts';
import { wrong, type Judgement } from './judgement.ts';

export interface GrpcAnswer {
  httpStatus: number;
  /** Of gRPC, as a number and in the server's words; absent where it sent none. */
  status?: string | undefined;
  message?: string | undefined;
  body: Buffer;
  /** Whether there was more than anybody reads. */
  cut: boolean;
}

/** Right when the server says SERVING. A gRPC error is an answer, too, and a server in front that answers without gRPC. */
export function judgeGrpc({ httpStatus, status, message = '', body, cut }: GrpcAnswer): Judgement {
  if (cut) return wrong('answered with more than 64 KB');
  if (status === undefined) return wrong(`answered HTTP ${httpStatus} without a gRPC status`);
  if (status !== '0') return wrong(`answered ${named(status)}${message === '' ? '' : `: ${decoded(message)}`}`);
  const serving = servingStatus(body);
  if (serving === undefined) return wrong('answered OK, but not with the status of a health check');
  return serving === 'SERVING'
    ? { verdict: 'pass', summary: 'answered SERVING' }
    : wrong(`answered ${serving} instead of SERVING`);
}

const names = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

function named(status: string): string {
  return (
    (/^\d{1,2}$/.test(status) ? names[Number(status)] : undefined) ?? `the gRPC status ${redactedHead(status, 40)}`
  );
}

/** gRPC writes what is no ASCII as `%` and two digits; a server that does not is shown as it is. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

import { z } from 'zod';
import type { GatewayError } from '../../domain/contract/gateway.ts';
import type { Blame, FailureDetails, FailureKind } from '../../domain/errors/failure.ts';
import { count, fieldsOf, text, words, yes } from './fields.ts';

const kind = words<FailureKind>({ retryable: true, terminal: true, unknown: true });
export const blame = words<Blame>({ release: true, operator: true, world: true });

const detailFields = fieldsOf<FailureDetails>()({
  code: text,
  kind,
  blame,
  title: text,
  detail: text,
  next: text,
  final: yes.exactOptional(),
  inconclusive: yes.exactOptional(),
  stops: yes.exactOptional(),
  lookAgain: yes.exactOptional(),
});

export const failureDetails = z.object(detailFields).meta({
  id: 'Failure',
  description: 'What went wrong, by its stable code (docs/errors.md), and what to do about it.',
});

const problem = z.object({
  file: text,
  line: count,
  column: count,
  endColumn: count.exactOptional(),
  path: text.exactOptional(),
  message: text,
  hint: text.exactOptional(),
  correction: text.exactOptional(),
});

export const problemInFile = problem.meta({
  id: 'Problem',
  description:
    'Something in slipway.yaml or the policy file. Lines and columns count from 1; `endColumn` is just behind what is meant.',
});

const errorFields = fieldsOf<GatewayError>()({
  ...z.object(detailFields).partial().shape,
  code: text.meta({ description: '`SLIP-…` (docs/errors.md), or a word: see the errors below.' }),
  message: text,
  problems: z.array(problemInFile).exactOptional(),
});

export const errorAnswer = z
  .object({ error: z.object(errorFields) })
  .meta({ id: 'Error', description: 'Why it was not done. `next` says what to do.' });

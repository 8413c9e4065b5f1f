import { z } from 'zod';
import type { GatewayError, ProblemInFile } from '../../domain/contract/gateway.ts';
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

export const problemInFile = z
  .object(
    fieldsOf<ProblemInFile>()({
      file: text,
      line: count.meta({ description: 'From 1.' }),
      column: count.meta({ description: 'From 1.' }),
      endColumn: count.exactOptional().meta({
        description: 'Just behind what is meant; left out where that is not a part of one line.',
      }),
      path: text.exactOptional().meta({
        description: 'Empty for what concerns the file as a whole, and for what cannot be read as YAML.',
      }),
      message: text,
      hint: text.exactOptional().meta({ description: 'What to do.' }),
      correction: text.exactOptional().meta({
        description: 'What belongs in the place from `column` to `endColumn`, where that can be known.',
      }),
    }),
  )
  .meta({ id: 'Problem', description: 'Something in slipway.yaml or the policy file.' });

const errorFields = fieldsOf<GatewayError>()({
  ...z.object(detailFields).partial().shape,
  code: text.meta({ description: '`SLIP-…` (docs/errors.md), or a word: see the errors below.' }),
  message: text,
  problems: z.array(problemInFile).exactOptional(),
});

export const errorAnswer = z
  .object({ error: z.object(errorFields) })
  .meta({ id: 'Error', description: 'Why it was not done. `next` says what to do.' });

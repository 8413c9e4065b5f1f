import { z } from 'zod';
import { namedEvents } from '../domain/contract/github.ts';
import * as field from './fields.ts';
import { forms } from './forms.ts';

const event = z.enum(namedEvents);
export const githubEvents = ['push', 'workflow_dispatch'] as const;

/** Of the operator's policy alone. */
export const github = z.strictObject({
  repository: field
    .wholeNumber(1, 1_000_000_000_000)
    .describe('The number of the repository (`id` at `https://api.github.com/repos/OWNER/NAME`): names change hands.'),
  events: field
    .distinct(event)
    .min(1, 'must name at least one event')
    .optional()
    .describe('What must have started the job. Default: push and workflow_dispatch.'),
  workflows: field
    .distinct(
      z
        .string()
        .max(500, 'must be at most 500 characters')
        .regex(/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w./-]+\.ya?ml@\S+$/, forms.workflow),
    )
    .min(1, 'must name at least one workflow')
    .optional()
    .describe('Whose job it must be, as GitHub says it in `job_workflow_ref`. Default: any of the repository.'),
});

export const githubEnvironment = z.strictObject({
  environment: field.line
    .max(255, 'must be at most 255 characters')
    .describe('The environment of GitHub that the job must have.'),
});

import { z } from 'zod';
import type { LoginOffer, LoginOffered } from '../../domain/contract/login.ts';
import type { Identity } from '../../domain/contract/release.ts';
import type { LaneRights, Right } from '../../domain/contract/rights.ts';
import type { EngineVersion } from '../../domain/engine-versions.ts';
import type { StepQueueState } from '../../domain/task-queues.ts';
import type { GatewayHealth } from '../gateway/health.ts';
import { count, fieldsOf, text, texts, words } from './fields.ts';

const identity = z
  .object(
    fieldsOf<Identity>()({
      id: text,
      via: text,
      groups: texts,
      emails: texts.exactOptional(),
      behind: text.exactOptional(),
    }),
  )
  .meta({ id: 'Identity', description: 'Who the token belongs to.' });

const laneRights = z
  .object(
    fieldsOf<LaneRights>()({
      service: text,
      environment: text,
      may: z.array(words<Right>({ look: true, start: true, decide: true, operate: true })),
    }),
  )
  .meta({ id: 'LaneRights', description: 'What somebody may do in a lane that they may look at.' });

/** What `/v1/me` says. */
export const me = z
  .object({
    ...identity.shape,
    grants: z.array(laneRights).meta({
      description:
        'By the policy, and by what the token is good for. Who is asked for a decision or an order besides is told with each.',
    }),
  })
  .meta({ id: 'Me', description: 'Who you are, and what you may do where.' });

export const loginOffered = z
  .object(
    fieldsOf<LoginOffered>()({
      oidc: z
        .object(
          fieldsOf<LoginOffer>()({
            issuer: text.meta({ description: 'The identity provider.' }),
            clientId: text.meta({ description: 'For whom its ID tokens must be made. It has no secret.' }),
            scopes: text.meta({ description: 'What to ask for, separated by spaces.' }),
          }),
        )
        .exactOptional()
        .meta({ description: 'Absent where nobody logs in.' }),
      browser: z
        .literal(true)
        .exactOptional()
        .meta({ description: 'There where people log in with a browser, at `/auth/login`.' }),
    }),
  )
  .meta({ id: 'LoginOffered' });

export const loggedOut = z.object({}).meta({ id: 'LoggedOut', description: 'Nothing is told.' });

export const whetherAlive = z.object({ live: z.literal(true) }).meta({ id: 'WhetherAlive' });

export const whetherReady = z
  .object({
    ready: z.boolean().meta({ description: 'Whether requests may be sent here.' }),
    draining: z.boolean().meta({ description: 'Whether it is about to end.' }),
  })
  .meta({ id: 'WhetherReady' });

export const whetherWell = z.object({ ok: z.boolean() }).meta({ id: 'WhetherWell' });

const part = z.union([z.literal('ok'), z.object({ ok: z.literal(false), says: text })]);

export const health = z
  .object(
    fieldsOf<GatewayHealth>()({
      ok: z.boolean(),
      temporal: text.meta({ description: '`ok`, or what is wrong.' }),
      records: text,
      tokens: text,
      policy: part,
      people: part
        .exactOptional()
        .meta({ description: "Whether somebody is known of each group that the operator's policy asks for." }),
      evidence: part.exactOptional().meta({ description: 'Absent where nothing is signed.' }),
      slack: part.exactOptional().meta({ description: 'Absent where nothing is shown there.' }),
    }),
  )
  .meta({ id: 'Health', description: 'What is wrong, in words.' });

const version = z
  .object(
    fieldsOf<EngineVersion>()({
      buildId: text,
      current: z.boolean(),
      polled: z.boolean(),
      pinned: count,
      untried: z.boolean().exactOptional(),
    }),
  )
  .meta({ id: 'EngineVersion' });

const queue = z
  .object(fieldsOf<StepQueueState>()({ role: text, queue: text, polled: z.boolean() }))
  .meta({ id: 'StepQueue' });

export const engine = z
  .object({ versions: z.array(version), queues: z.array(queue) })
  .meta({ id: 'Engine', description: 'The versions of the engine, and which of its queues are asked for work.' });

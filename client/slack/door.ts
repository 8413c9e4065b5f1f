import bolt from '@slack/bolt';
import type { FastifyInstance } from 'fastify';
import type { Inside, MoreDoor } from '../gateway/more-doors.ts';
import { listen } from './listen.ts';
import { Pictures } from './pictures.ts';
import type { SlackClient, SlackParts } from './parts.ts';
import { FastifyReceiver } from './receiver.ts';
import { whoBySlack } from './who.ts';

export interface SlackSettings {
  botToken: string;
  signingSecret: string;
  /** Where Slack is, in tests. */
  apiUrl?: string;
}

/** ms that Slack has for one answer. */
const answerMs = 5_000;

/** What is tried again is tried by what asks for it, which knows what is new by then. */
function clientOptions({ apiUrl }: Pick<SlackSettings, 'apiUrl'>) {
  return {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: answerMs,
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
  };
}

/** Slack beside the HTTP API of the gateway, on the same port. */
/** `everyMs`: between two rounds of drawing; none is made by itself where it is left out. */
export function slackDoor(settings: SlackSettings, { everyMs }: { everyMs?: number } = {}): SlackDoor {
  let pictures: Pictures | undefined;
  const door: MoreDoor = (server, inside) => {
    const log = (error: unknown) => inside.parts.log?.(error);
    const receiver = new FastifyReceiver({
      signingSecret: settings.signingSecret,
      isFirst: (signature) => inside.parts.records.slack.isFirst(signature),
      now: inside.parts.now,
      log,
    });
    const parts = partsOf(settings, inside, log);
    pictures = parts.pictures;
    listen(appOf(settings, receiver), parts);
    receiver.route(server);
    if (everyMs !== undefined) sayWrongToken(server, parts);
    if (everyMs !== undefined) drawEvery(server, everyMs, pictures);
  };
  return Object.assign(door, { draw: async (signal?: AbortSignal) => pictures?.round(signal) });
}

export type SlackDoor = MoreDoor & {
  /** One round of drawing. */
  draw: (signal?: AbortSignal) => Promise<void>;
};

/** At start, and without waiting for it: a token that Slack does not take is told before somebody presses. */
function sayWrongToken(server: FastifyInstance, { team, log }: Pick<SlackParts, 'team' | 'log'>): void {
  server.addHook('onReady', (done) => {
    void team().catch(log);
    done();
  });
}

/** One round after another, for as long as the gateway runs. */
function drawEvery(server: FastifyInstance, everyMs: number, pictures: Pictures): void {
  let timer: NodeJS.Timeout | undefined;
  let round = Promise.resolve();
  const ending = new AbortController();
  const next = () => {
    round = pictures.round(ending.signal).finally(() => {
      if (!ending.signal.aborted) timer = setTimeout(next, everyMs);
    });
  };
  server.addHook('onReady', (done) => {
    next();
    done();
  });
  server.addHook('onClose', async () => {
    ending.abort();
    clearTimeout(timer);
    await round;
  });
}

function appOf(settings: SlackSettings, receiver: FastifyReceiver) {
  const { botToken } = settings;
  // Whose click it is, is asked here and of the policy: Bolt asks Slack nothing.
  return new bolt.App({
    receiver,
    authorize: () => Promise.resolve({ botToken }),
    clientOptions: clientOptions(settings),
    convoStore: false,
    ignoreSelf: false,
  });
}

function partsOf(
  settings: SlackSettings,
  inside: Inside,
  log: (error: unknown) => void,
): SlackParts & { pictures: Pictures } {
  const { parts } = inside;
  const client = new bolt.webApi.WebClient(settings.botToken, clientOptions(settings));
  const pictures = new Pictures({ parts, client, now: parts.now, log });
  return {
    ...inside,
    pictures,
    client,
    team: teamOf(client),
    who: whoBySlack({
      pipeline: parts.pipeline,
      membersOf: async (usergroup) => (await client.usergroups.users.list({ usergroup })).users ?? [],
      now: parts.now,
      log,
    }),
    soon: (run) => pictures.soon(run),
    now: parts.now,
    log,
  };
}

/** Asked until it was answered once: a token belongs to one workspace. */
function teamOf(client: SlackClient): () => Promise<string> {
  let known: string | undefined;
  return async () => (known ??= (await client.auth.test()).team_id ?? '');
}

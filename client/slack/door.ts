import bolt from '@slack/bolt';
import type { Receiver } from '@slack/bolt';
import type { FastifyInstance } from 'fastify';
import type { Inside, MoreDoor } from '../gateway/more-doors.ts';
import { listen } from './listen.ts';
import { Pictures } from './pictures.ts';
import type { SlackClient, SlackParts } from './parts.ts';
import { botTokenProblem } from './problems.ts';
import { FastifyReceiver } from './receiver.ts';
import { SocketReceiver } from './socket.ts';
import type { SocketParts } from './socket.ts';
import { whoBySlack } from './who.ts';

export type SlackSettings = SlackAccess & {
  /** Where Slack's web API is; Slack's own when left out. */
  apiUrl?: string;
};

/** `signingSecret`: Slack posts to the gateway. `appToken`: the gateway connects to Slack. */
export type SlackAccess = { botToken: string } & ({ signingSecret: string } | { appToken: string });

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

/** Slack as a client of its own, by which it is asked. */
export function slackClient(token: string, settings: Pick<SlackSettings, 'apiUrl'> = {}): SlackClient {
  return new bolt.webApi.WebClient(token, { ...clientOptions(settings) });
}

interface Paces {
  /** ms between two rounds of drawing; none is made by itself where it is left out. */
  everyMs?: number;
  againMs?: SocketParts['againMs'];
}

/** Slack beside the HTTP API of the gateway. */
export function slackDoor(settings: SlackSettings, { everyMs, againMs }: Paces = {}): SlackDoor {
  let pictures: Pictures | undefined;
  let away: () => string | undefined = () => undefined;
  const door: MoreDoor = (server, inside) => {
    const log = (error: unknown) => inside.parts.log?.(error);
    const receiver = receiverOf({ settings, againMs }, inside, log);
    const parts = partsOf(settings, inside, log);
    pictures = parts.pictures;
    if (receiver instanceof SocketReceiver) away = () => receiver.away;
    listen(appOf(settings, receiver), parts);
    receiver.attach(server);
    if (everyMs === undefined) return;
    sayProblem(server, tokenProblem, log);
    drawEvery(server, everyMs, pictures);
  };
  const client = slackClient(settings.botToken, settings);
  const tokenProblem = async () => {
    const found = await botTokenProblem(client);
    return found && `${found.says}. ${found.next}`;
  };
  const problem = async () => {
    const found = await tokenProblem();
    if (found) return found;
    const why = away();
    return why === undefined ? undefined : `nothing comes from Slack: ${why}`;
  };
  return Object.assign(door, { problem, draw: async (signal?: AbortSignal) => pictures?.round(signal) });
}

export type SlackDoor = MoreDoor & {
  /** What is wrong with it, with what helps, for whoever looks how the gateway is. */
  problem: () => Promise<string | undefined>;
  /** One round of drawing. */
  draw: (signal?: AbortSignal) => Promise<void>;
};

function receiverOf(
  { settings, againMs }: { settings: SlackSettings; againMs: SocketParts['againMs'] },
  { parts }: Inside,
  log: (error: unknown) => void,
): FastifyReceiver | SocketReceiver {
  const isFirst = (what: string) => parts.records.slack.isFirst(what);
  return 'appToken' in settings
    ? new SocketReceiver({
        appToken: settings.appToken,
        clientOptions: clientOptions(settings),
        isFirst,
        log,
        ...(againMs && { againMs }),
      })
    : new FastifyReceiver({ signingSecret: settings.signingSecret, isFirst, now: parts.now, log });
}

/** At start, and without waiting for it: a token that Slack does not take is told before somebody presses. A connection that cannot be made says so itself. */
function sayProblem(
  server: FastifyInstance,
  problem: () => Promise<string | undefined>,
  log: (error: unknown) => void,
): void {
  server.addHook('onReady', (done) => {
    void problem().then((says) => says === undefined || log(new Error(`Slack: ${says}`)), log);
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

function appOf(settings: SlackSettings, receiver: Receiver) {
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
  const client = slackClient(settings.botToken, settings);
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

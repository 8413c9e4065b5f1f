import bolt from '@slack/bolt';
import type { Inside, MoreDoor } from '../gateway/more-doors.ts';
import { listen } from './listen.ts';
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
export function slackDoor(settings: SlackSettings): MoreDoor {
  return (server, inside) => {
    const { parts } = inside;
    const log = (error: unknown) => parts.log?.(error);
    const receiver = new FastifyReceiver({
      signingSecret: settings.signingSecret,
      isFirst: (signature) => parts.records.slack.isFirst(signature),
      now: parts.now,
      log,
    });
    listen(appOf(settings, receiver), partsOf(settings, inside, log));
    receiver.route(server);
  };
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

function partsOf(settings: SlackSettings, inside: Inside, log: (error: unknown) => void): SlackParts {
  const { parts } = inside;
  const client = new bolt.webApi.WebClient(settings.botToken, clientOptions(settings));
  return {
    ...inside,
    client,
    team: teamOf(client),
    who: whoBySlack({
      pipeline: parts.pipeline,
      membersOf: async (usergroup) => (await client.usergroups.users.list({ usergroup })).users ?? [],
      now: parts.now,
      log,
    }),
    soon: () => {},
    now: parts.now,
    log,
  };
}

/** Asked until it was answered once: a token belongs to one workspace. */
function teamOf(client: SlackClient): () => Promise<string> {
  let known: string | undefined;
  return async () => (known ??= (await client.auth.test()).team_id ?? '');
}

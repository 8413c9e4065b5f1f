import bolt from '@slack/bolt';
import type { SlackClient } from './parts.ts';

/** What is wrong with Slack, and what helps. `isAway`: it may be well again by itself. */
export interface SlackProblem {
  says: string;
  next: string;
  isAway: boolean;
}

/** Without which nothing is shown, or nothing is taken. */
const neededScopes = ['chat:write', 'commands'];

/** By Slack's own word: whether the token of the bot is good. Never the token itself. */
export async function botTokenProblem(client: SlackClient): Promise<SlackProblem | undefined> {
  const found = await askedOf(() => client.auth.test(), 'the bot token', {
    next: 'Copy the Bot User OAuth Token (xoxb-…) of the app once more to where SLIPWAY_SLACK_BOT_TOKEN refers to, and start the gateway again.',
  });
  if ('problem' in found) return found.problem;
  const scopes = found.answer.response_metadata?.scopes;
  const missing = scopes ? neededScopes.filter((scope) => !scopes.includes(scope)) : [];
  if (missing.length === 0) return undefined;
  return {
    says: `the app lacks the scope ${missing.join(' and ')}`,
    next: 'Add it under OAuth & Permissions, and install the app again: docs/slack.md.',
    isAway: false,
  };
}

/** The same of the token by which the gateway connects to Slack itself. */
export async function appTokenProblem(client: SlackClient): Promise<SlackProblem | undefined> {
  const found = await askedOf(() => client.apps.connections.open(), 'the app-level token', {
    next: 'Make an app-level token (xapp-…) with the scope connections:write, keep it where SLIPWAY_SLACK_APP_TOKEN refers to, switch Socket Mode on, and start the gateway again.',
  });
  return 'problem' in found ? found.problem : undefined;
}

async function askedOf<Answer>(
  ask: () => Promise<Answer>,
  what: string,
  { next }: { next: string },
): Promise<{ answer: Answer } | { problem: SlackProblem }> {
  try {
    return { answer: await ask() };
  } catch (error) {
    if (error instanceof bolt.webApi.WebAPIPlatformError && !away.includes(error.data.error))
      return { problem: { says: `Slack does not take ${what}: ${word(error.data.error)}`, next, isAway: false } };
    const wait = 'Releases go on, and messages catch up when it is back. See https://slack-status.com.';
    return { problem: { says: `Slack does not answer (${named(error)})`, next: wait, isAway: true } };
  }
}

const away = ['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable', 'ratelimited'];

/** What Slack calls it: `invalid_auth`. */
function word(text: string): string {
  return /^[a-z_]{1,60}$/.test(text) ? text : 'it gives no reason';
}

function named(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'error';
}

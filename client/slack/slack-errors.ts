import bolt from '@slack/bolt';

const { WebAPIPlatformError, WebAPIRateLimitedError } = bolt.webApi;

/** Of a message that nobody can change any more: another one takes its place. */
const gone = ['message_not_found', 'cant_update_message', 'edit_window_closed', 'msg_too_old'];

/** ms: Slack away, or a channel that it does not let us into. */
const usualWaitMs = 10_000;

export function isGone(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && gone.includes(error.data.error);
}

/** Of what Slack may have done all the same. */
const unclear = ['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'];

/** Whether Slack has said that it has not done what it was asked. Where no answer came nobody knows. */
export function isRefused(error: unknown): boolean {
  if (error instanceof WebAPIRateLimitedError) return true;
  return error instanceof WebAPIPlatformError && !unclear.includes(error.data.error);
}

/** For how long nothing is drawn in that channel, ms: as Slack has said, where it has. */
export function waitOf(error: unknown): number {
  return error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : usualWaitMs;
}

import { rolloutCodes, type RolloutCode } from './rollout-cause.ts';

/** Names of images and addresses: a repository may be called `timeouts`. */
const names = /"[^"]*"|https?:\/\/\S+/g;
/** A registry, or the way to it, that is not there now. First, because a login can also fail for that. */
const away =
  /\b(429|5\d\d) [A-Z]|\b(status( code)?:? )(429|5\d\d)\b|toomanyrequests|too many requests|rate limit|timed? ?out|deadline exceeded|connection (refused|reset)|no such host|server misbehaving|no route to host|network is unreachable|unexpected EOF|TLS handshake|service unavailable|internal server error|bad gateway/i;
const denied =
  /\b(401|403)\b|unauthorized|forbidden|denied|no basic auth|authentication required|authorization failed|failed to authorize|x509/i;
const absent = /not ?found|manifest unknown|name unknown|does not exist|no match for platform/i;

/**
 * What it means that an image cannot be pulled, by the words of registries and runtimes. Only an image that is not there is the release's
 * own: every other word, also one that nobody knows, is no proof against it. `runsElsewhere`: another pod runs it, so that it is there.
 */
export function codeOfPull(words: string, runsElsewhere: boolean): RolloutCode {
  const said = words.replace(names, ' ');
  if (away.test(said)) return rolloutCodes.registryAway;
  if (denied.test(said)) return rolloutCodes.pullDenied;
  return absent.test(said) && !runsElsewhere ? rolloutCodes.itself : rolloutCodes.registryAway;
}

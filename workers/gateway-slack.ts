import { resolveSecret } from '../activities/shared/secrets.ts';
import type { SlackDoor } from '../client/slack/door.ts';
import type { SlackProblem } from '../client/slack/problems.ts';
import type { CheckResult } from '../domain/check-result.ts';
import { slackIn } from '../temporal.config.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import { problemOf } from './start-checks.ts';
import type { Env, StartCheck } from './start-checks.ts';

type References = NonNullable<SlipwayConfig['gateway']['slack']>;

const usualEveryMs = 2_000;

/** Slack's library is loaded by those alone who use it. */
export async function slackBeside(
  references: References,
  { everyMs = usualEveryMs }: { everyMs?: number } = {},
): Promise<SlackDoor> {
  const [{ slackDoor }, access] = await Promise.all([import('../client/slack/door.ts'), resolved(references)]);
  return slackDoor(access, { everyMs });
}

async function resolved(references: References): Promise<References> {
  const { apiUrl } = references;
  const botToken = await resolveSecret(references.botToken);
  return 'appToken' in references
    ? { apiUrl, botToken, appToken: await resolveSecret(references.appToken) }
    : { apiUrl, botToken, signingSecret: await resolveSecret(references.signingSecret) };
}

/** How the tokens begin, by which one is told from another. */
const begins = { SLIPWAY_SLACK_BOT_TOKEN: 'xoxb-', SLIPWAY_SLACK_APP_TOKEN: 'xapp-' } as const;

/**
 * That the secrets are there, and are what they should be. What Slack says to them is not asked: nothing of Slack keeps the other doors
 * closed. It is told by the gateway's health, in its log, and by `slipway setup --check`.
 */
export const slackSecrets: StartCheck = async ({ set }) => {
  const variables = ['SLIPWAY_SLACK_BOT_TOKEN', 'SLIPWAY_SLACK_APP_TOKEN', 'SLIPWAY_SLACK_SIGNING_SECRET'] as const;
  const found = variables.map(async (variable) => {
    const reference = set[variable];
    if (reference === undefined) return [];
    return problemOf(async () => {
      const start = variable === 'SLIPWAY_SLACK_SIGNING_SECRET' ? '' : begins[variable];
      if (!(await resolveSecret(reference)).startsWith(start))
        throw new Error(`${variable}: what ${reference} refers to does not begin with ${start}: it is another secret`);
    }, `Correct ${variable}, or what it refers to: docs/slack.md says where Slack shows it.`);
  });
  return (await Promise.all(found)).flat();
};

/** What Slack itself says to the tokens; nothing where there are none. */
export async function checkSlack(env: Env): Promise<CheckResult[]> {
  const references = slackIn(env);
  if (!references) return [];
  const [{ slackClient }, { appTokenProblem, botTokenProblem }] = await Promise.all([
    import('../client/slack/door.ts'),
    import('../client/slack/problems.ts'),
  ]);
  try {
    const access = await resolved(references);
    const problems = [
      await botTokenProblem(slackClient(access.botToken, access)),
      ...('appToken' in access ? [await appTokenProblem(slackClient(access.appToken, access))] : []),
    ].filter((problem): problem is SlackProblem => problem !== undefined);
    if (problems.length === 0) return [{ ok: true, says: 'Slack takes the tokens' }];
    return problems.map(({ says, next }) => ({ ok: false, says, next }));
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return [{ ok: false, says, next: 'Correct the reference, or what it refers to.' }];
  }
}

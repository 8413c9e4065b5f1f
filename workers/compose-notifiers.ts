import { createEmailNotifier, type EmailAddress } from '../activities/notify/email-notifier.ts';
import { createGithubNotifier, type GithubAddress, type GithubOptions } from '../activities/notify/github-notifier.ts';
import { createLogNotifier } from '../activities/notify/log-notifier.ts';
import { createPagerDutyNotifier, type PagerDutyAddress } from '../activities/notify/pagerduty-notifier.ts';
import type { Notifier } from '../activities/notify/port.ts';
import { createWebhookNotifier, type WebhookAddress } from '../activities/notify/webhook-notifier.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import type { NotifySpec } from '../domain/contract/release.ts';
import { failure } from '../domain/errors/catalogue.ts';
import type { NotifyPolicy } from '../pipeline/index.ts';

/** Those of the policy on this machine's disk, by name, read for each message: whoever writes into the records sends nothing where the operator has not said. */
type PolicyTargets = () => Promise<Record<string, NotifyPolicy>>;

/** What a release is about, for targets that show it where its commit is. */
type ReleaseOf = GithubOptions['releaseOf'];

interface Telling {
  releaseOf: ReleaseOf;
  /** Of the gateway as browsers have it, where links lead. */
  pages?: string;
}

/** What sends to a target of the policy. One per target and kind for the life of the process: each remembers which keys it has sent. */
export function createNotifiers(policyTargets: PolicyTargets, telling: Telling): (name: string) => Notifier {
  const made = new Map<string, Notifier>();
  const notifierFor = (name: string, { kind }: NotifyPolicy): Notifier => {
    const key = `${kind} ${name}`;
    const notifier = made.get(key) ?? make(kind, targetNow(policyTargets, name), telling);
    made.set(key, notifier);
    return notifier;
  };
  return (name) => ({
    notify: async (notification) => notifierFor(name, await targetNow(policyTargets, name)()).notify(notification),
  });
}

/** To plug in another kind of target: its file, and its line here. */
function make(kind: NotifyPolicy['kind'], now: () => Promise<NotifyPolicy>, { releaseOf, pages }: Telling): Notifier {
  const linked = pages !== undefined && { pages };
  switch (kind) {
    case 'log':
      return createLogNotifier();
    case 'webhook':
      return createWebhookNotifier({ addressNow: async () => webhookOf(ofKind('webhook', await now())) });
    case 'pagerduty':
      return createPagerDutyNotifier({
        addressNow: async () => ({ ...(await pagerDutyOf(ofKind('pagerduty', await now()))), ...linked }),
      });
    case 'email':
      return createEmailNotifier({ addressNow: async () => mailboxesOf(ofKind('email', await now())) });
    case 'github':
      return createGithubNotifier({
        addressNow: async () => ({ ...(await githubOf(ofKind('github', await now()))), ...linked }),
        releaseOf,
      });
    case 'slack':
      throw failure('SLIP-NTF-1', 'what is shown in Slack is shown by the gateway');
  }
}

function targetNow(policyTargets: PolicyTargets, name: string): () => Promise<NotifyPolicy> {
  return async () => {
    const targets = await policyTargets();
    const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
    if (!target) throw failure('SLIP-NTF-4', 'the policy has no such target');
    return target;
  };
}

type OfKind<Kind extends NotifyPolicy['kind']> = Extract<NotifyPolicy, { kind: Kind }>;

/** The policy may have become another one since the target was looked at. */
function ofKind<Kind extends NotifyPolicy['kind']>(kind: Kind, target: NotifyPolicy): OfKind<Kind> {
  if (target.kind !== kind) throw failure('SLIP-NTF-1', 'the policy has just made it another kind of target');
  return target as OfKind<Kind>;
}

/** The policy may name a webhook plainly, and then its host with it, or by reference: what that stands for may change. */
async function webhookOf({ url, host: named, secret }: OfKind<'webhook'>): Promise<WebhookAddress> {
  const host = named ?? (isSecretReference(url) ? undefined : URL.parse(url)?.hostname);
  return {
    url: isSecretReference(url) ? await resolveSecret(url) : url,
    ...(host !== undefined && { host }),
    ...(secret !== undefined && { secret: await resolveSecret(secret) }),
  };
}

async function pagerDutyOf({ routingKey, region, url }: OfKind<'pagerduty'>): Promise<PagerDutyAddress> {
  return { routingKey: await resolveSecret(routingKey), ...(region && { region }), ...(url !== undefined && { url }) };
}

async function mailboxesOf({ smtp, from, to }: OfKind<'email'>): Promise<EmailAddress> {
  return { smtp: await resolveSecret(smtp), from, to };
}

async function githubOf({ app, token, url, page }: OfKind<'github'>): Promise<GithubAddress> {
  const more = { ...(url !== undefined && { url }), ...(page !== undefined && { page }) };
  if (app) return { login: { app: { ...app, key: await resolveSecret(app.key) } }, ...more };
  return { login: { token: await resolveSecret(token ?? '') }, ...more };
}

/** By what a target had on record before it had its name there. */
export async function nameInPolicy(policyTargets: PolicyTargets, target: NotifySpec): Promise<string | undefined> {
  const isSame = (known: NotifyPolicy) =>
    known.kind === target.kind && (known.kind !== 'webhook' || target.kind !== 'webhook' || known.url === target.url);
  return Object.entries(await policyTargets()).find(([, known]) => isSame(known))?.[0];
}

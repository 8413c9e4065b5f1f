import { createAllNotifiers } from '../activities/notify/all-notifiers.ts';
import { createLogNotifier } from '../activities/notify/log-notifier.ts';
import { createNarrowNotifier } from '../activities/notify/narrow-notifier.ts';
import type { Notifier } from '../activities/notify/port.ts';
import { createWebhookNotifier, type WebhookAddress } from '../activities/notify/webhook-notifier.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import type { NotifySpec } from '../domain/contract/release.ts';
import { failure } from '../domain/errors/catalogue.ts';
import type { NotifyPolicy } from '../pipeline/index.ts';

/**
 * Notifiers for targets as releases have them on record. `policyTargets`: those of the policy on this machine's disk, read for each message:
 * whoever writes into the records sends nothing where the operator has not said.
 */
export function createNotifiers(policyTargets: () => Promise<NotifyPolicy[]>) {
  const logNotifier = createLogNotifier();
  /** One per target for the life of the process: each remembers which keys it has sent. */
  const webhooks = new Map<string, Notifier>();
  const webhookFor = (url: string): Notifier => {
    const known =
      webhooks.get(url) ?? createWebhookNotifier({ addressNow: async () => addressNow(url, await policyTargets()) });
    webhooks.set(url, known);
    return known;
  };
  return (targets: readonly NotifySpec[]): Notifier =>
    createAllNotifiers({
      notifiers: targets.map(({ only, ...target }) => {
        const notifier = target.kind === 'log' ? logNotifier : webhookFor(target.url);
        return only ? createNarrowNotifier(notifier, only) : notifier;
      }),
    });
}

/** The policy may name a webhook plainly, and then its host with it, or by reference: what that stands for may change. */
async function addressNow(url: string, targets: NotifyPolicy[]): Promise<WebhookAddress> {
  const named = targets.flatMap((target) => (target.kind === 'webhook' && target.url === url ? [target] : []));
  const [target] = named;
  if (!target) throw failure('SLIP-NTF-4', 'the policy has no such target');
  const host = target.host ?? (isSecretReference(url) ? undefined : URL.parse(url)?.hostname);
  return { url: isSecretReference(url) ? await resolveSecret(url) : url, ...(host !== undefined && { host }) };
}

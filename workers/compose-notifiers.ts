import { createAllNotifiers } from '../activities/notify/all-notifiers.ts';
import { createLogNotifier } from '../activities/notify/log-notifier.ts';
import type { Notifier } from '../activities/notify/port.ts';
import { createWebhookNotifier } from '../activities/notify/webhook-notifier.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import type { NotifySpec } from '../domain/contract/release.ts';

const logNotifier = createLogNotifier();
/** One notifier per target for the life of the process: each remembers which keys it has sent. */
const webhooks = new Map<string, Notifier>();

export function notifierFor(targets: readonly NotifySpec[]): Notifier {
  return createAllNotifiers({
    notifiers: targets.map((target) => (target.kind === 'log' ? logNotifier : webhookFor(target.url))),
  });
}

function webhookFor(url: string): Notifier {
  const known = webhooks.get(url) ?? createWebhookNotifier({ urlNow: () => urlNow(url) });
  webhooks.set(url, known);
  return known;
}

/** The policy may name a webhook plainly or by reference; what a reference stands for may change. */
async function urlNow(url: string): Promise<string> {
  return isSecretReference(url) ? resolveSecret(url) : url;
}

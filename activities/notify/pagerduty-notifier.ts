import { laneOfRun } from '../../domain/contract/names.ts';
import { pageOfRun } from '../../domain/page-address.ts';
import { visible } from '../../domain/visible.ts';
import { head } from '../../domain/whole-text.ts';
import type { Resolve } from '../shared/outward.ts';
import { knownOrRefused } from './known-or-refused.ts';
import { oncePerKey } from './once-per-key.ts';
import type { Notification, Notifier } from './port.ts';
import { postJson } from './post-json.ts';

export interface PagerDutyAddress {
  /** Of an integration by Events API v2. */
  routingKey: string;
  region?: 'us' | 'eu';
  /** Instead of PagerDuty's own, as the operator's policy names it: a proxy. */
  url?: string;
  /** Of the gateway as browsers have it: what is told links to the page of its run. Without it nothing is linked. */
  pages?: string;
}

export interface PagerDutyOptions {
  /** Asked for each message. */
  addressNow: () => Promise<PagerDutyAddress>;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve;
}

const addresses = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' };
/** PagerDuty's. */
const longestSummary = 1_024;
const longestFact = 2_000;

/**
 * One alert for each lane, by Events API v2: a problem opens it, and what mends the lane closes it, whichever run that is. What was put in place
 * is told as a change besides. An alert that is opened or closed twice is one. Throws what posting does (post-json.ts), and SLIP-NTF-3
 * (terminal: no key).
 */
export function createPagerDutyNotifier({ addressNow, resolve }: PagerDutyOptions): Notifier {
  return oncePerKey(async (notification) => {
    const said = eventsFor(notification);
    if (said.length === 0) return;
    const { routingKey, region = 'us', url, pages } = await knownOrRefused(addressNow());
    const base = (url ?? addresses[region]).replace(/\/$/, '');
    for (const { path, event } of said)
      await postJson({
        url: new URL(`${base}${path}`),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ routing_key: routingKey.trim(), ...event, ...linksIn(event, notification, pages) }),
        isNamed: url !== undefined,
        resolve,
      });
  });
}

interface Said {
  path: '/v2/enqueue' | '/v2/change/enqueue';
  event: object;
}

/** What closes an alert says nothing. */
function linksIn(event: object, { run }: Notification, pages: string | undefined): object {
  if (pages === undefined || !('payload' in event)) return {};
  return { links: [{ href: pageOfRun(pages, run), text: 'The page of the run' }] };
}

/** The change last: it is the one that is told twice where what comes after it fails. */
function eventsFor(notification: Notification): Said[] {
  const { event, level, facts } = notification;
  if (level === 'problem') return [{ path: '/v2/enqueue', event: trigger(notification) }];
  if (event === 'ended-well') return [resolving(notification), change(notification)];
  return event === 'ended-otherwise' && facts['outcome'] === 'rolled-back' ? [resolving(notification)] : [];
}

function trigger(notification: Notification): object {
  const { key, run, event } = notification;
  const { service, environment } = laneOfRun(run) ?? {};
  return {
    event_action: 'trigger',
    dedup_key: alertOf(notification),
    client: 'Slipway',
    payload: {
      summary: summaryOf(notification),
      source: sourceOf(notification),
      severity: 'error',
      class: event,
      ...(service !== undefined && { component: service, group: environment }),
      custom_details: { ...detailsOf(notification), run, key },
    },
  };
}

function resolving(notification: Notification): Said {
  return { path: '/v2/enqueue', event: { event_action: 'resolve', dedup_key: alertOf(notification) } };
}

function change(notification: Notification): Said {
  const { run } = notification;
  const payload = {
    summary: summaryOf(notification),
    source: sourceOf(notification),
    custom_details: { ...detailsOf(notification), run },
  };
  return { path: '/v2/change/enqueue', event: { payload } };
}

/** At most 255 characters; names of services and environments are short. */
function alertOf(notification: Notification): string {
  return `slipway/${sourceOf(notification)}`;
}

function sourceOf({ run }: Notification): string {
  const lane = laneOfRun(run);
  return lane ? `${lane.service}/${lane.environment}` : head(visible(run), 200);
}

function summaryOf({ title }: Notification): string {
  return head(visible(title), longestSummary);
}

function detailsOf({ facts }: Notification): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, text]) => [name, head(visible(text), longestFact)]));
}

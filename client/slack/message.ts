import type { types } from '@slack/bolt';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { RegionPhase } from '../../domain/contract/status.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import { requesterInWords } from '../../domain/requester.ts';
import type { ButtonId } from './buttons.ts';
import type { DrawnNudge } from './nudge.ts';
import { pointerText } from './pointer.ts';
import type { Pointer } from './pointer.ts';
import { done, moment, plain } from './words.ts';

/** What the message of a run shows. The same is shown for the same: it is told by its hash whether the message has to be changed. */
export interface Shown {
  view: ReleaseView;
  /** What a rollback would do, where a person may order it: a line for each region. */
  wayBack?: string[];
  /** What people are told in the thread while nobody approves. */
  nudge?: DrawnNudge;
}

export interface Message {
  /** For notifications, and for whoever has it read out. */
  text: string;
  blocks: types.KnownBlock[];
}

/** Block Kit's own bounds, in characters: https://docs.slack.dev/reference/block-kit/blocks */
const most = { header: 150, section: 3_000, confirm: 300 };
const mostRegions = 20;

/** The one message of a run: how it stands, and what can be pressed. Everything else stands in its thread. */
export function drawRun({ view, wayBack = [] }: Shown): Message {
  const title = titleOf(view);
  const state = stateOf(view);
  return {
    text: `${title}: ${state}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: plainTitle(view).slice(0, most.header), emoji: false } },
      section([`*${state}*`, ...waitingOf(view), ...troublesOf(view)]),
      section([
        `\`${plain(view.commit.slice(0, 12))}\` on ${plain(view.branch)}, asked for by ${plain(requesterInWords(view))} ${moment(view.startedAt)}`,
        ...pageOf(view),
        ...regionsOf(view),
      ]),
      ...decisionsOf(view),
      ...buttonsOf(view, wayBack),
    ],
  };
}

/** What is text of Slack's own form is no text of strangers: nothing in it is looked for. */
export function section(lines: readonly string[]): types.SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: fitted(lines), verbatim: true } };
}

/** Whole lines, as many as there is room for: half of one could be half of a link. */
function fitted(lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    const next = text === '' ? line : `${text}\n${line}`;
    if (next.length > most.section - 2) return text === '' ? '…' : `${text}\n…`;
    text = next;
  }
  return text === '' ? '…' : text;
}

function plainTitle({ service, number, environment, undoes }: ReleaseView): string {
  const called = number === undefined ? service : `${service}#${number}`;
  return `${undoes ? `Rollback of ${service}${undoes.number === undefined ? '' : `#${undoes.number}`}` : called} → ${environment}`;
}

function titleOf(view: ReleaseView): string {
  return plain(plainTitle(view));
}

function stateOf({ open, outcome, summary, status, unknown }: ReleaseView): string {
  if (unknown) return ':grey_question: nobody knows how it stands';
  if (!open)
    return `${signOf(outcome)} ${plain(outcome ?? 'ended')}${summary === undefined ? '' : `: ${plain(summary)}`}`;
  if (!status) return ':hourglass_flowing_sand: open';
  const sign = status.waitingFor ? ':raised_hand:' : ':hourglass_flowing_sand:';
  return `${sign} ${plain(status.stage.replaceAll('-', ' '))}: ${plain(status.doing)}`;
}

/** Never colour alone: the word stands beside it. */
function signOf(outcome: string | undefined): string {
  const { level } = meaningOf(outcome);
  return level === 'info' ? ':white_check_mark:' : level === 'problem' ? ':x:' : ':warning:';
}

/** The gateway's own address, and an id of ours: with anything that Slack reads otherwise it would lead elsewhere. */
function pageOf({ pageUrl }: ReleaseView): string[] {
  return pageUrl !== undefined && /^https?:\/\/[\w.:/%-]+$/.test(pageUrl) ? [`<${pageUrl}|Its page>`] : [];
}

function waitingOf({ open, status }: ReleaseView): string[] {
  const waits = open ? status?.waitingFor : undefined;
  if (!waits) return [];
  const until = waits.until === undefined ? '' : `, until ${moment(waits.until)}`;
  const { widens } = waits;
  return [
    `Waits for ${plain(waits.what)}: ${plain(waits.who)}${until}`,
    ...(widens ? [`From ${moment(widens.at)} also ${plain(widens.to.join(', '))}`] : []),
  ];
}

function troublesOf({ status }: ReleaseView): string[] {
  const { failure, failing = [] } = status ?? {};
  return [
    ...(failure ? [`:x: ${plain(failure.title)} (${plain(failure.code)}): ${plain(failure.detail)}`] : []),
    ...failing.slice(0, 5).map(({ step, failure: one }) => `:warning: ${plain(step)}: ${plain(one.title)}`),
  ];
}

const signs: Partial<Record<RegionPhase, string>> = {
  verified: ':white_check_mark:',
  failed: ':x:',
  unproven: ':warning:',
  interrupted: ':warning:',
  'partly-back': ':warning:',
  unknown: ':grey_question:',
  'rolled-back': ':leftwards_arrow_with_hook:',
};

function regionsOf({ status }: ReleaseView): string[] {
  const regions = status?.regions ?? [];
  const lines = regions.slice(0, mostRegions).map(({ region, phase, note }) => {
    const why = note === undefined || note === '' ? '' : `: ${plain(note, 200)}`;
    return `${signs[phase] ?? ':white_circle:'} ${plain(region)} ${plain(phase)}${why}`;
  });
  return regions.length > mostRegions ? [...lines, `and ${regions.length - mostRegions} more regions`] : lines;
}

const mostDecisions = 5;

/** Who has decided what, when, and how long it had waited for that. */
function decisionsOf({ recorded, status }: ReleaseView): types.KnownBlock[] {
  const decided = (recorded?.decisions ?? []).filter(({ refused }) => refused === undefined).slice(-mostDecisions);
  if (decided.length === 0) return [];
  const asked = status?.timings.find(({ stage }) => stage === 'awaiting-approval')?.startedAt;
  const lines = decided.map(({ by, kind, at, channel, reason }) => {
    const isOfPlan = kind === 'approve' || kind === 'reject';
    const after = isOfPlan && asked !== undefined && at >= asked ? `, after ${minutes(at - asked)}` : '';
    const why = reason === '' || (channel === 'slack' && kind !== 'reject') ? '' : `: ${plain(reason, 200)}`;
    return `${plain(by)} ${done[kind]} ${moment(at)}${after}${why}`;
  });
  return [{ type: 'context', elements: [{ type: 'mrkdwn', text: fitted(lines), verbatim: true }] }];
}

function minutes(ms: number): string {
  const whole = Math.floor(ms / 60_000);
  return whole < 1 ? 'less than a minute' : whole < 120 ? `${whole} min` : `${Math.floor(whole / 60)} h`;
}

interface Button {
  id: ButtonId;
  text: string;
  style?: 'primary' | 'danger';
  confirm?: string;
}

/** There for as long as somebody is waited for: what was decided stands in their place then. */
function buttonsOf(view: ReleaseView, wayBack: readonly string[]): types.KnownBlock[] {
  const { releaseId, open, status, recorded } = view;
  const plan = recorded?.planHash;
  const mayBe = open ? (status?.waitingFor?.decisions ?? []) : [];
  const turn = turnOf(view);
  const to: Pointer = {
    run: releaseId,
    ...(plan !== undefined && { plan }),
    ...(turn !== undefined && { turn: String(turn) }),
  };
  const isHeld = mayBe.some((kind) => kind !== 'approve' && kind !== 'reject' && kind !== 'abort');
  const pressed: Button[] = [
    ...(mayBe.includes('approve')
      ? [
          {
            id: 'slipway-approve',
            text: 'Approve',
            style: 'primary',
            confirm: `It goes to ${view.environment}.`,
          } as const,
        ]
      : []),
    ...(mayBe.includes('reject') ? [{ id: 'slipway-reject', text: 'Reject', style: 'danger' } as const] : []),
    ...(mayBe.includes('roll-back')
      ? [{ id: 'slipway-roll-back', text: 'Roll back', style: 'danger', confirm: wayBack.join('\n') } as const]
      : []),
    ...(mayBe.includes('retry') ? [{ id: 'slipway-retry', text: 'Try again' } as const] : []),
    ...(mayBe.includes('accept-failure')
      ? [{ id: 'slipway-accept', text: 'Accept', confirm: 'It stays as it is now, also where it has failed.' } as const]
      : []),
    ...(isHeld ? [{ id: 'slipway-hold', text: 'Hold' } as const] : []),
    ...(plan === undefined ? [] : [{ id: 'slipway-details', text: 'Details' } as const]),
  ];
  return pressed.length === 0 ? [] : [{ type: 'actions', elements: pressed.map((one) => buttonOf(one, to)) }];
}

/** Which of the tries that have failed this is about: said once more of a later one, it is another decision. */
function turnOf({ status }: ReleaseView): number | undefined {
  const tries = (status?.failing ?? []).map(({ triedAgainAt }) => triedAgainAt);
  return tries.length === 0 ? undefined : Math.max(...tries);
}

function buttonOf({ id, text, style, confirm }: Button, to: Pointer): types.Button {
  return {
    type: 'button',
    action_id: id,
    text: { type: 'plain_text', text },
    value: pointerText(to),
    ...(style && { style }),
    ...(confirm !== undefined && {
      confirm: {
        title: { type: 'plain_text', text: `${text}?` },
        text: { type: 'plain_text', text: bounded(confirm) },
        confirm: { type: 'plain_text', text },
        deny: { type: 'plain_text', text: 'Back' },
      },
    }),
  };
}

function bounded(text: string): string {
  if (text === '') return 'It is done at once.';
  return text.length > most.confirm ? `${text.slice(0, most.confirm - 1)}…` : text;
}

import { goesTo } from '../../domain/components-in.ts';
import { mayBeNobody, notLetInWords, wantedInWords } from '../../domain/approvers.ts';
import type { LeftBehind, PlanView } from '../../domain/contract/gateway.ts';
import type { PlannedComponent } from '../../domain/contract/release.ts';
import { isVerifiedAs } from '../../domain/delivery.ts';
import { requesterInWords } from '../../domain/requester.ts';
import { originInWords } from '../../domain/image-origin.ts';
import { shortDigest } from '../../domain/images.ts';
import { isOther, leftInWords } from '../../domain/left-behind.ts';
import { otherPlans } from '../../domain/other-plans.ts';
import { told } from '../../domain/plan-differences.ts';
import type { Colors } from './cli.ts';
import { failureText } from './failure-text.ts';
import { fit, foldedTo, table } from './layout.ts';
import type { PlanToShow, RunsInPlace } from './plan-to-show.ts';
import { renderPlanLines, renderSecondLooks } from './render-plan-lines.ts';
import { oneLine } from './safe-text.ts';
import { dateAndTime, duration, plural, shortCommit } from './words.ts';

export interface PlanOptions {
  colors: Colors;
  /** Columns of the terminal; lines of values are broken there. Infinity breaks nothing. */
  width: number;
  /** Also what is as it was. */
  full: boolean;
}
/** By what it is shown beside. `of`: behind the release whose plan it is. */
const words = {
  now: {
    before: 'verified here last',
    when: 'verified',
    nothing: '(nothing verified yet)',
    same: 'This very plan is what was verified here last.',
    of: '',
    runs: 'What runs',
    unknown: 'What runs now could not be asked',
  },
  then: {
    before: 'verified here when it was made',
    when: 'verified',
    nothing: '(nothing verified then)',
    same: 'This very plan is what was verified here then.',
    of: ', as it was approved or refused: it has ended',
    runs: 'What ran when it was made',
    unknown: 'What ran then is not known here',
  },
  other: {
    before: 'compared with',
    when: 'asked for',
    nothing: '(not in the other)',
    same: 'It is the very plan that it is compared with.',
    of: '',
    runs: 'Images',
    unknown: 'What the other has is not known here',
  },
} as const;
type Runs = Partial<NonNullable<PlanToShow['runs']>>;

/** What a plan will change, as lines for the person who approves it: first what deserves a second look. Pure. */
export function renderPlan(shown: PlanToShow, { colors, width, full }: PlanOptions): string[] {
  const { plan, lines, secondLooks } = shown;
  const alone = shown.alone !== undefined;
  const options = { colors, width, full, alone };
  const different = full || alone ? lines : told(lines);
  const sections = [
    headLines(shown, options),
    renderSecondLooks(secondLooks, options),
    [
      colors.bold(words[shown.beside].runs),
      ...componentLines(shown, colors).map((line) => fit(line, width)),
      ...otherLines(shown, colors),
    ],
    commitLines(shown, options),
    ...renderPlanLines(different, options),
    [
      ...approvalLines(shown, colors),
      `On failure: ${failureText(plan)}`,
      ...(plan.onCall ? [`On call, to decide about a failure: ${plan.onCall.map(oneLine).join(', ')}`] : []),
      ...(plan.onBreach ? [`When seen broken later: ${oneLine(plan.onBreach)}, without asking`] : []),
    ].flatMap((line) => foldedTo(line, width)),
    footLines(shown, lines.length - different.length, colors),
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, at) => (at === 0 ? section : ['', ...section]));
}

function headLines(
  { hash, plan, verified, alone, beside, releaseId, asked }: PlanToShow,
  { colors, width }: PlanOptions,
): string[] {
  const { service, environment, commit, branch } = plan;
  return [
    // Whatever would not fit is in the lines below: here it would begin a line of its own.
    fit(
      `${colors.bold(`${oneLine(service)} → ${oneLine(environment)}`)}  commit ${shortCommit(oneLine(commit))} on ${oneLine(branch)}`,
      width,
    ),
    ...(asked ? [`asked for by ${oneLine(requesterInWords(asked))}, ${dateAndTime(asked.startedAt)}`] : []),
    `plan ${oneLine(hash)}`,
    ...(releaseId === undefined ? [] : [`  of ${oneLine(releaseId)}${words[beside].of}`]),
    ...(verified
      ? [
          `${words[beside].before}: plan ${oneLine(verified.planHash)}`,
          `  of ${oneLine(verified.releaseId)}, ${words[beside].when} ${dateAndTime(verified.verifiedAt)}`,
        ]
      : []),
    ...(verified?.planHash === hash.replace(/^sha256:/, '') ? [words[beside].same] : []),
    ...(alone === undefined ? [] : [colors.yellow(alone)]),
  ];
}

/** Whoever approves reads a screen of them; `--full` and `--json` have more. */
const mostShown = 10;

/** Newest first, each in the words of whoever has pushed it. Of two plans that were named nobody has asked what is between them. */
function commitLines({ commits, beside, alone }: PlanToShow, { colors, full, width }: PlanOptions): string[] {
  if (!commits || beside === 'other') return [];
  const title = colors.bold('Commits');
  if (commits.untold)
    return [title, `  ${colors.yellow('what was verified then is not on record: nobody knows which were new')}`];
  if (commits.commits.length === 0)
    return [title, `  ${alone === undefined ? 'none that was not verified here before' : 'none'}`];
  const shown = full ? commits.commits : commits.commits.slice(0, mostShown);
  const left = commits.commits.length - shown.length;
  const rows = shown.map(({ commit, author, subject }) => [
    shortCommit(oneLine(commit)),
    // One long name leaves room for what all the others say.
    fit(oneLine(author), Math.floor(width / 4)),
    oneLine(subject),
  ]);
  const more = commits.more ? `and more than ${left}` : `and ${left}`;
  return [
    title,
    ...table(rows, '  ').map((line) => fit(line, width)),
    ...(left > 0 || commits.more ? [colors.dim(`  ${more} older ones`)] : []),
  ];
}

/** Below a long list, where the person is asked: what stood above it, and what did not stand there. */
function footLines({ hash, secondLooks, alone }: PlanToShow, left: number, colors: Colors): string[] {
  const { length } = secondLooks;
  const stands = length === 1 ? 'deserves a second look: it stands' : 'deserve a second look: they stand';
  return [
    ...(left > 0 && alone === undefined
      ? [
          colors.dim(
            `${plural(left, 'line')} of the plan ${left === 1 ? 'is as it was' : 'are as they were'}. All of it: slipway plan ${oneLine(hash)} --full`,
          ),
        ]
      : []),
    ...(length > 0 ? [colors.yellow(`! ${plural(length, 'thing')} ${stands} first, above`)] : []),
  ];
}

function componentLines({ plan, runs: there, beside }: PlanToShow, colors: Colors): string[] {
  const runs: Runs = there ?? {};
  const rows = plan.components.flatMap((component) =>
    componentRows(component, plan, { ...runs, nothing: words[beside].nothing }, colors),
  );
  const unknown = runs.inventory
    ? []
    : [`  ${colors.yellow(`${words[beside].unknown}; only the new digests are shown.`)}`];
  return [...table(rows, '  '), ...unknown];
}

/** Compared is one plan; where another one stands, its digests are above, and the rest of it is a command away. */
function otherLines({ plan, runs, verified }: PlanToShow, colors: Colors): string[] {
  if (!runs || !verified) return [];
  return otherPlans(plan, runs.inventory, verified.planHash).map(({ planHash, places }) =>
    colors.yellow(`  verified with another plan, ${oneLine(planHash)}: ${places.map(oneLine).join(', ')}`),
  );
}

/** One row when every region changes from the same digest, else one for each region. */
function componentRows(
  component: PlannedComponent,
  plan: PlanView,
  { inventory, leftBehind = [], nothing }: Runs & { nothing: string },
  colors: Colors,
): string[][] {
  const only = component.regions && ` (${component.regions.map(oneLine).join(', ')} alone)`;
  const name = `${oneLine(component.name)}${only ?? ''}`;
  const origin = oneLine(originInWords(component));
  if (!inventory) return [[name, `→ ${digest(component.image)}`, origin]];
  const places = plan.regions.filter((region) => goesTo(component, region.name));
  const changes = places.map(({ name: region }) => {
    const here = (one: { component: string; region: string }) =>
      one.component === component.name && one.region === region;
    const left = leftBehind.find((one) => here(one) && isOther(one, component));
    const row = inventory.find(here);
    const text = changeText(row, component, { left, nothing, colors });
    const how = component.origin === 'unchanged' ? unbuiltInWords(row, component, left) : undefined;
    return { region: oneLine(region), text, origin: how ?? origin };
  });
  const same = changes.every(({ text }) => text === changes[0]?.text);
  if (same && changes[0]) return [[name, changes[0].text, changes[0].origin]];
  return changes.map(({ region, text, origin: how }, at) => [
    at === 0 ? name : '',
    `${region}: ${text}`,
    at === 0 || how !== origin ? how : '',
  ]);
}

/** How an image that was not built gets there, where its origin does not say it. */
function unbuiltInWords(
  row: RunsInPlace | undefined,
  component: PlannedComponent,
  left: LeftBehind | undefined,
): string | undefined {
  if (row?.image !== component.image) return undefined;
  if (!isVerifiedAs(row, component)) return 'same image';
  return left && 'put back';
}

function changeText(
  row: RunsInPlace | undefined,
  component: PlannedComponent,
  { left, nothing, colors }: { left: LeftBehind | undefined; nothing: string; colors: Colors },
): string {
  const [before, after] = [row?.image, component.image];
  const otherwise =
    row?.image === after && !isVerifiedAs(row, component) ? `${digest(after)} with other variables` : undefined;
  if (left) {
    const to = before === after ? `back to ${digest(after)} (verified)` : `→ ${colors.green(digest(after))}`;
    return `${otherwise ?? to}; ${colors.yellow(oneLine(leftInWords(left, shortDigest)))}`;
  }
  if (before === undefined) return `${nothing} → ${colors.green(digest(after))}`;
  if (before === after) return otherwise ?? colors.dim(`${digest(after)} unchanged`);
  return `${digest(before)} → ${colors.green(digest(after))}`;
}

function digest(image: string): string {
  return oneLine(shortDigest(image));
}

function approvalLines({ plan, approvalNow: now, policyNow }: PlanToShow, colors: Colors): string[] {
  const { approval: planned } = plan;
  const beside = (words: string) => [`Approval, by this plan: ${approvalText(planned)}`, colors.yellow(`! ${words}`)];
  if (policyNow === 'not-let-in') return beside(oneLine(notLetInWords(plan)));
  if (policyNow === 'untold')
    return beside('Whether this plan was made by another policy than this gateway has could not be told.');
  if (!now) return [`Approval: ${approvalText(planned)}`];
  const asks = now.required ? approvalText(now) : 'no approval';
  const nobody = mayBeNobody({ planned, now }) ? ' Where there is nobody: abort it, then a new attempt.' : '';
  return beside(
    `This plan was made by another policy than this gateway has, which asks for ${asks}. Both are asked who may approve: ${oneLine(wantedInWords({ planned, now }))}.${nobody} Approved all the same, it is made anew before anything is changed, and asked about again.`,
  );
}

function approvalText(approval: PlanView['approval']): string {
  if (!approval.required) return 'not required';
  const groups = approval.groups.map(oneLine).join(', ');
  const requester =
    (approval.excludeRequester ? ', not by the requester' : '') +
    (approval.excludeAuthors ? ', not by who has written it' : '');
  const { remindMs, escalate } = approval;
  const widens = escalate
    ? `; after ${duration(escalate.afterMs)} also of ${escalate.groups.map(oneLine).join(', ')}`
    : '';
  const reminders = remindMs === undefined ? '' : `; people are reminded every ${duration(remindMs)}`;
  return `${plural(approval.quorum, 'person', 'people')} of ${groups}${requester}, within ${duration(approval.expiresMs)}${widens}${reminders}`;
}

import type { ReleaseRequest } from './contract/release.ts';
import type { ReleaseStatus } from './contract/status.ts';
import { namesOf } from './outline.ts';
import { shortDigest } from './images.ts';
import { contractingInWords } from './migration-plan.ts';
import { requesterInWords } from './requester.ts';
import { visible } from './visible.ts';
import { head } from './whole-text.ts';

/** The page head that Temporal's UI shows for a run: Markdown, well under 20 KB. Nothing in it begins a line, or a form, of its own. */
export function renderDetails(request: ReleaseRequest, status: ReleaseStatus): string {
  const { waitingFor, failure } = status;
  const { service, environment, branch, commit, requestedBy } = request;
  return [
    `**${plain(service)} → ${plain(environment)}** · ${plain(branch)}@${plain(commit.slice(0, 12))} · asked by ${plain(requesterInWords({ ...request, requestedBy: requestedBy.id }))}`,
    `**${status.stage}**: ${plain(status.doing)}`,
    ...(waitingFor
      ? [`Waits for **${plain(waitingFor.what)}** (${plain(waitingFor.who)})${until(waitingFor.until)}`]
      : []),
    ...toApprove(status),
    ...(failure
      ? [
          `**${plain(failure.code)} ${plain(failure.title)}**\n\n${asCode(head(failure.detail, 1_500))}\n\n${plain(failure.next)}`,
        ]
      : []),
    ...(status.migrations.some((m) => m.count > 0)
      ? [`Migrations: ${status.migrations.map((m) => plain(`${m.database}: ${namesOf(m) || 'none'}`)).join('; ')}`]
      : []),
    ...table(status),
    ...(status.planHash ? [`Plan \`${plain(status.planHash)}\``] : []),
  ].join('\n\n');
}

/** What the run itself knows that deserves a second look, and where all of it is shown: a plan is too large for a history. */
function toApprove({ stage, releaseId, warnings = [], migrations }: ReleaseStatus): string[] {
  if (stage !== 'awaiting-approval') return [];
  const contracting = migrations.flatMap(
    ({ database, contracting: names }) => contractingInWords(database, names) ?? [],
  );
  const looks = [...warnings, ...contracting].map((look) => `- ${plain(head(look, 500))}`);
  return [
    ...(looks.length > 0 ? [`**Look twice**\n\n${looks.join('\n')}`] : []),
    `All of it, beside what was verified last: \`slipway plan ${plain(releaseId)}\``,
  ];
}

/** Text of somebody's choosing inside Markdown. */
export function plain(text: string): string {
  return visible(text).replace(/[`*|<>[\]]/g, '\\$&');
}

function asCode(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${visible(line.replaceAll('\t', '  ')).replaceAll('\\\\', '\\')}`)
    .join('\n');
}

function until(time: number | undefined): string {
  return time === undefined ? '' : `, until ${new Date(time).toISOString()}`;
}

function table(status: ReleaseStatus): string[] {
  const rows = status.regions.flatMap((region) =>
    region.components.map(
      (c) =>
        `| ${plain(region.region)} | ${plain(c.component)} | \`${plain(shortDigest(c.image))}\` | ${c.phase}${c.note ? ` (${plain(c.note)})` : ''} |`,
    ),
  );
  return rows.length === 0
    ? []
    : [['| region | component | digest | state |', '| --- | --- | --- | --- |', ...rows].join('\n')];
}

import type { ReleaseRequest } from './contract/release.ts';
import type { ReleaseStatus } from './contract/status.ts';
import { namesOf } from './outline.ts';
import { shortDigest } from './images.ts';

/** The page head that Temporal's UI shows for a run: Markdown, well under 20 KB. */
export function renderDetails(request: ReleaseRequest, status: ReleaseStatus): string {
  const { waitingFor, failure } = status;
  return [
    `**${request.service} → ${request.environment}** · ${request.branch}@${request.commit.slice(0, 12)} · asked by ${request.requestedBy.id}`,
    `**${status.stage}**: ${status.doing}`,
    ...(waitingFor ? [`Waits for **${waitingFor.what}** (${waitingFor.who})${until(waitingFor.until)}`] : []),
    ...(failure
      ? [
          `**${failure.code} ${failure.title}**\n\n    ${failure.detail.slice(0, 1_500).replaceAll('\n', '\n    ')}\n\n${failure.next}`,
        ]
      : []),
    ...(status.migrations.some((m) => m.count > 0)
      ? [`Migrations: ${status.migrations.map((m) => `${m.database}: ${namesOf(m) || 'none'}`).join('; ')}`]
      : []),
    ...table(status),
    ...(status.planHash ? [`Plan \`${status.planHash.slice(0, 12)}\``] : []),
  ].join('\n\n');
}

function until(time: number | undefined): string {
  return time === undefined ? '' : `, until ${new Date(time).toISOString()}`;
}

function table(status: ReleaseStatus): string[] {
  const rows = status.regions.flatMap((region) =>
    region.components.map(
      (c) =>
        `| ${region.region} | ${c.component} | \`${shortDigest(c.image)}\` | ${c.phase}${c.note ? ` (${c.note})` : ''} |`,
    ),
  );
  return rows.length === 0
    ? []
    : [['| region | component | digest | state |', '| --- | --- | --- | --- |', ...rows].join('\n')];
}

import type { ReleaseRow } from '../../domain/contract/gateway.ts';
import { endedWell } from '../../domain/run-end.ts';
import type { Colors } from './cli.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { dateAndTime, duration } from './words.ts';

/** Newest first, as the gateway gives them. Ids are never cut: they are there to be copied. Pure. */
export function renderReleases(
  rows: ReleaseRow[],
  { now, colors, timeZone }: { now: number; colors: Colors; timeZone?: string },
): string[] {
  if (rows.length === 0) return ['No releases.'];
  const heading = ['STARTED', 'OUTCOME', 'TOOK', 'BY', 'RELEASE'].map((word) => colors.bold(word));
  const body = rows.map((row) => [
    dateAndTime(row.startedAt, timeZone),
    outcomeText(row, colors),
    duration((row.endedAt ?? now) - row.startedAt),
    oneLine(row.requestedBy),
    oneLine(row.releaseId),
  ]);
  return table([heading, ...body]);
}

function outcomeText({ releaseId, outcome, endedAt }: ReleaseRow, colors: Colors): string {
  if (outcome === undefined) return endedAt === undefined ? colors.cyan('open') : colors.yellow('unknown');
  return endedWell(releaseId, outcome) ? colors.green(`✔ ${oneLine(outcome)}`) : colors.red(`✖ ${oneLine(outcome)}`);
}

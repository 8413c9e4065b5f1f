import type { EndedBefore, ReleaseView } from '../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { digestOf } from '../../domain/images.ts';
import { shortName } from '../../domain/short-names.ts';
import { head } from '../../domain/whole-text.ts';
import { oneLine } from '../cli/safe-text.ts';

export interface Told {
  releaseId: string;
  /** Where people look at it. */
  url: string;
  /** As it was seen last; absent where nobody has followed it. */
  seen?: ReleaseView | undefined;
  /** How it had ended before this job has asked for it: nobody follows it then. */
  ended?: EndedBefore | undefined;
  status?: ReleaseStatus | undefined;
  /** Where the step has ended otherwise than the release. */
  failure?: { message: string; next: string } | undefined;
}

/** GitHub takes a megabyte for a step, and nobody reads so much. */
const mostRows = 200;
const longestCell = 300;

/** What stands on the page of the run: how the release stands, and what is where. Pure. */
export function summaryOf({ releaseId, url, seen, ended, status, failure }: Told): string {
  const name = seen ? shortName(seen) : releaseId;
  return [
    `### Slipway: ${link(name, url)}`,
    '',
    seen ? headline(seen) : unfollowed(ended),
    '',
    ...(status?.failure ? [causeOf(status.failure), ''] : []),
    ...(failure ? [`**${cell(failure.message)}**<br>${cell(failure.next)}`, ''] : []),
    ...(status ? regionTable(status) : []),
    '',
  ].join('\n');
}

function unfollowed(ended?: EndedBefore): string {
  if (!ended) return cell('started; nobody follows it here');
  return `**${cell(ended.outcome)}**${whyOf(ended.summary)}<br>${cell('it had ended before; nothing was started')}`;
}

function headline({ open, outcome, summary, status, environment, commit, branch }: ReleaseView): string {
  const stands = open ? (status?.stage ?? 'open') : (outcome ?? 'ended');
  const why = (open ? '' : whyOf(summary)) || waitsFor(status, open);
  return `**${cell(stands)}**${why}<br>${cell(`${commit} of ${branch} to ${environment}`)}`;
}

function whyOf(summary = ''): string {
  const [first = ''] = summary.trim().split('\n');
  return first && `: ${cell(first)}`;
}

function waitsFor(status: ReleaseStatus | undefined, open: boolean): string {
  if (!open || !status?.waitingFor) return '';
  return `: ${cell(`waits for ${status.waitingFor.what} by ${status.waitingFor.who}`)}`;
}

function causeOf({ code, title, detail, next }: NonNullable<ReleaseStatus['failure']>): string {
  return `**${cell(`${code} ${title}`)}**: ${cell(detail)}<br>${cell(next)}`;
}

function regionTable({ regions }: ReleaseStatus): string[] {
  const rows = regions.flatMap(({ region, components }) =>
    components.map(({ component, image, phase }) => [region, component, digestOf(image) ?? image, phase]),
  );
  if (rows.length === 0) return [];
  const more = rows.length - mostRows;
  return [
    '| region | component | digest | |',
    '| --- | --- | --- | --- |',
    ...rows.slice(0, mostRows).map((row) => `| ${row.map(cell).join(' | ')} |`),
    ...(more > 0 ? ['', `… and ${more} more`] : []),
  ];
}

/** A stranger's text that means nothing to Markdown, nor to HTML: all but letters, digits and a few others is written as its number. */
function cell(text: string): string {
  return head(oneLine(text), longestCell).replaceAll(
    /[^\p{L}\p{N} /,;()-]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
}

function link(name: string, url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return cell(name);
  return `<a href="${parsed.href.replaceAll(/[&"'<>]/g, (found) => `&#${found.codePointAt(0)};`)}">${cell(name)}</a>`;
}

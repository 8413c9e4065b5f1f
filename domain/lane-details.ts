import { plain } from './details.ts';
import { closureInWords, newestOf } from './lane-closures.ts';
import type { LaneState } from './lane-state.ts';

/** Of each list: whoever wants all of it asks the gateway. */
const mostShown = 20;

/** The page head that Temporal's UI shows for a lane: Markdown, in which what people and runs say begins no line, or form, of its own. */
export function renderLane({ lane, holder, closures, queue, moreClosures = 0 }: LaneState): string {
  return [
    `**Lane of ${plain(lane.service)} in ${plain(lane.environment)}**`,
    holder ? `Held by \`${plain(holder.member.releaseId)}\`` : 'Nobody holds it',
    ...newestOf(closures, mostShown).map(
      (one) => `**${one.kind}** \`${plain(one.id)}\` (${plain(one.by)}): ${plain(closureInWords(one))}`,
    ),
    ...andMore(closures.length + moreClosures, 'close it'),
    ...queue
      .slice(0, mostShown)
      .map(
        ({ member, claiming, told = '' }) =>
          `- \`${plain(member.releaseId)}\` ${claiming ? `waits: ${plain(told)}` : 'has a place'}`,
      ),
    ...andMore(queue.length, 'wait'),
  ].join('\n\n');
}

function andMore(count: number, what: string): string[] {
  return count > mostShown ? [`${count - mostShown} more ${what}`] : [];
}

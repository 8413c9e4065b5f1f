import type { ApprovalStanding } from '../../activities/steps/approval-standing.ts';
import { lastNudge, waitInWords } from '../../domain/approval-course.ts';
import type { KnownPeople } from '../../domain/contract/people.ts';
import { approversBy } from '../../domain/deciders.ts';
import { moment, plain } from './words.ts';

/** What people are told while nobody decides. */
export interface DrawnNudge {
  /** When it was due. */
  at: number;
  text: string;
}

/**
 * What was due last, by what is on record of the plan: a run of its own making calls nobody. The user groups of Slack are called that the policy
 * has for the groups who may approve; what a group is called otherwise calls nobody. Undefined where nobody is waited for.
 */
export function drawNudge(
  { plan: { approval }, verdict, since, now }: ApprovalStanding,
  people: KnownPeople | undefined,
): DrawnNudge | undefined {
  const nudge = verdict.kind === 'waiting' ? lastNudge(approval, now - since) : undefined;
  if (!nudge) return undefined;
  const isEscalated = nudge.kind === 'escalate';
  const names = approversBy(approval, nudge.afterMs).map((group) => called(group, people));
  const others = isEscalated ? 'From now on more people may approve it. ' : '';
  const until = moment(since + approval.expiresMs);
  const text = `:bell: Nobody has decided for ${waitInWords(nudge.afterMs)}. ${others}It waits for ${names.join(', ')}, until ${until}.`;
  return { at: since + nudge.afterMs, text };
}

function called(group: string, people: KnownPeople | undefined): string {
  const groups = people?.groups ?? {};
  const slack = Object.hasOwn(groups, group) ? groups[group]?.slack : undefined;
  return slack === undefined ? plain(group) : `<!subteam^${plain(slack)}>`;
}

import { editDistance } from '../domain/nearest.ts';
import { groupsNamed } from './groups-named.ts';
import type { Policy } from './load.ts';
import { deafInPolicy } from './notify-warnings.ts';
import { problemsOf } from './problem.ts';
import type { Finding, Problem } from './problem.ts';

/** What may be meant in a policy, and seldom is: for whoever checks the file. A policy in force is never refused for it. */
export function policyWarnings(policy: Policy): Problem[] {
  return problemsOf(
    policy.file,
    [...loneGroups(policy), ...openWebhooks(policy), ...deafInPolicy(policy)],
    policy.locate,
  );
}

/** Who is in a group is said elsewhere: a name that stands once and is nearly another one is most likely written wrongly. */
function loneGroups(policy: Policy): Finding[] {
  const named = groupsNamed(policy);
  const times = (wanted: string) => named.filter(({ group }) => group === wanted).length;
  return named.flatMap(({ group, path }, index): Finding[] => {
    if (times(group) > 1) return [];
    const other = named.find((one, at) => nearlyTheSame(one.group, group) && (times(one.group) > 1 || at < index));
    if (other === undefined) return [];
    const place = `${policy.file}:${policy.locate(other.path).line}`;
    return [
      {
        path,
        message: `the group \`${group}\` is named only here, and \`${other.group}\` (${place}) is nearly the same`,
        hint: `did you mean \`${other.group}\`?`,
        correction: other.group,
      },
    ];
  });
}

/** In one longer word, by two letters at most: `team-a` and `team-b` are two teams. */
function nearlyTheSame(one: string, other: string): boolean {
  const [words, others] = [one.split(/[-_./@]/), other.split(/[-_./@]/)];
  if (words.length !== others.length) return false;
  const different = words.map((word, at) => [word, others[at]!] as const).filter(([a, b]) => a !== b);
  const [[a, b] = ['', '']] = different;
  return different.length === 1 && /^[A-Za-z]{5,64}$/.test(a) && /^[A-Za-z]{5,64}$/.test(b) && editDistance(a, b) <= 2;
}

/** Paths of webhooks by which whoever knows them can post. */
const keyInPath =
  /^https?:\/\/(hooks\.slack\.com\/|discord(app)?\.com\/api\/webhooks\/|[\w.-]{1,200}\.webhook\.office\.com\/|hooks\.zapier\.com\/|chat\.googleapis\.com\/|[^\s?#]{0,300}\/(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9_-]{20,200}(\/|$|\?))/;

function openWebhooks({ content }: Policy): Finding[] {
  return Object.entries(content.notify ?? {}).flatMap(([name, target]): Finding[] => {
    if (target.kind !== 'webhook' || !keyInPath.test(target.url)) return [];
    return [
      {
        path: ['notify', name, 'url'],
        message: 'whoever knows this address can post there, and it stands in the records of each release',
        hint: `give it by reference: \`url: env:${name.toUpperCase().replaceAll('-', '_')}_WEBHOOK\` or \`url: file:/path\`, with \`host\` where its address is inside`,
      },
    ];
  });
}

import type { types } from '@slack/bolt';
import type { PlanCommits } from '../../domain/contract/gateway.ts';
import type { ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
import { waitInWords } from '../../domain/approval-course.ts';
import { originInWords } from '../../domain/image-origin.ts';
import { shortDigest } from '../../domain/images.ts';
import type { SecondLook } from '../../domain/second-looks/seen.ts';
import { section } from './message.ts';
import { plain } from './words.ts';

/** What a plan changes, and beside what. */
export interface Planned {
  hash: string;
  plan: ReleasePlan;
  looks: readonly SecondLook[];
  inventory: readonly Pick<VerifiedRelease, 'region' | 'component' | 'image'>[];
  /** Absent where nobody could tell. */
  commits?: PlanCommits;
  repository?: string;
}

/** What a person reads before they approve, by the sections of the plan as the command line has them. */
export function drawPlan(planned: Planned): types.KnownBlock[] {
  const { hash, plan, looks } = planned;
  const { approval, onFailure } = plan;
  const asks = approval.required
    ? `${approval.quorum} of ${approval.groups.map((group) => plain(group)).join(', ')}`
    : 'nobody';
  const parts: [string, string[]][] = [
    ['Look twice', looks.slice(0, 20).map(({ what, why }) => `:eyes: ${plain(what)}: ${plain(why)}`)],
    ['Commits since what runs', commitLines(planned)],
    ['What runs', componentLines(planned)],
    ['Migrations', migrationLines(plan)],
    [
      'Scan and tests',
      plan.gates.map(
        ({ gate, verdict, summary }) => `${verdictSigns[verdict]} ${plain(gate)} ${verdict}: ${plain(summary)}`,
      ),
    ],
    ['Waves', plan.waves.map(({ regions }, at) => `${at + 1}. ${regions.map((region) => plain(region)).join(', ')}`)],
    [
      'Approval',
      [
        `asks ${asks}${approval.escalate ? `, after ${waitInWords(approval.escalate.afterMs)} also ${approval.escalate.groups.map((group) => plain(group)).join(', ')}` : ''}`,
        `on failure: ${plain(onFailure.partial)}${onFailure.confirm ? ', after a person confirmed it' : ''}`,
      ],
    ],
  ];
  const told = parts.filter(([, lines]) => lines.length > 0);
  return [
    section([
      `What plan \`${plain(hash.slice(0, 12))}\` changes. All of it: \`slipway plan ${plain(hash.slice(0, 64))}\``,
    ]),
    ...told.map(([title, lines]) => section([`*${title}*`, ...lines])),
  ];
}

const verdictSigns = { pass: ':white_check_mark:', fail: ':x:', inconclusive: ':warning:' };
const mostCommits = 20;

function commitLines({ commits, repository }: Planned): string[] {
  if (!commits) return ['they could not be asked for'];
  if (commits.untold) return ['what was verified then is not on record: nobody knows which were new'];
  if (commits.commits.length === 0) return ['none that was not verified here before'];
  const lines = commits.commits.slice(0, mostCommits).map(({ commit, author, subject }) => {
    return `${linked(commit, repository)} ${plain(subject, 120)} (${plain(author, 60)})`;
  });
  const isMore = commits.more || commits.commits.length > mostCommits;
  return isMore ? [...lines, 'and older ones'] : lines;
}

/** A link to where it was asked for from, and to nothing that a stranger has written. */
function linked(commit: string, repository: string | undefined): string {
  const short = plain(commit.slice(0, 12));
  const at = repository === undefined ? null : URL.parse(repository);
  const isPlain = at?.protocol === 'https:' && at.username === '' && at.search === '' && /^[\w./-]+$/.test(at.pathname);
  if (!isPlain || !/^[0-9a-f]{40}$/.test(commit)) return `\`${short}\``;
  return `<${at.origin}${at.pathname.replace(/\.git$/, '')}/commit/${commit}|${short}>`;
}

function componentLines({ plan, inventory }: Planned): string[] {
  return plan.components.map((component) => {
    const { name, image } = component;
    const before = new Set(inventory.filter((row) => row.component === name).map((row) => shortDigest(row.image)));
    const from = before.size === 0 ? 'nothing verified yet' : [...before].map((one) => `\`${plain(one)}\``).join(', ');
    return `${plain(name)}: ${from} → \`${plain(shortDigest(image))}\` (${plain(originInWords(component))})`;
  });
}

function migrationLines({ migrations }: ReleasePlan): string[] {
  return migrations.map(({ database, pending, contracting }) => {
    if (pending.length === 0) return `:white_check_mark: ${plain(database)}: nothing pending`;
    const names = pending.slice(0, 5).map((name) => plain(name, 80));
    const verdict =
      contracting.length === 0
        ? 'the code that runs can live with it'
        : `once applied, nothing goes back: ${contracting
            .slice(0, 5)
            .map((name) => plain(name, 80))
            .join(', ')}`;
    const sign = contracting.length === 0 ? ':white_check_mark:' : ':warning:';
    return `${sign} ${plain(database)}: ${pending.length} pending (${names.join(', ')}); ${verdict}`;
  });
}

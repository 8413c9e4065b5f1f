import type { LaneView } from '../../domain/contract/gateway.ts';
import type { VerifiedRelease } from '../../domain/contract/release.ts';
import { shortDigest } from '../../domain/images.ts';
import { verifiedNow } from '../../domain/verified-now.ts';
import { refusedFailure } from './failures.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { dateAndTime, shortCommit } from './words.ts';

/** What is verified in an environment now: one commit, and one image of each component, wherever it goes. */
export interface Promotable {
  commit: string;
  regions: string[];
  components: { component: string; image: string; releaseId: string; verifiedAt: number }[];
}

/** Throws where nothing is verified there, or not one thing. Whether it may be promoted is for the release to find out, by all that is on record. */
export function promotable({ service, environment, inventory }: LaneView): Promotable {
  const rows = verifiedNow(inventory);
  const [first, ...others] = [...Map.groupBy(rows, ({ commit }) => commit)];
  const release = `slipway deploy --service ${service} --environment ${environment}`;
  if (!first)
    throw refusedFailure(`nothing of ${service} is verified in ${environment}`, `Release it there: ${release}`);
  if (others.length > 0) {
    const lines = [first, ...others].map(([commit, those]) => `\n${shortCommit(oneLine(commit))}: ${placesOf(those)}`);
    throw refusedFailure(
      `no one commit of ${service} is verified in ${environment}:${lines.join('')}`,
      `Bring one to all its regions: ${release}; or name it: slipway deploy --service ${service} --environment TO --commit COMMIT`,
    );
  }
  const byComponent = Map.groupBy(rows, ({ component }) => component);
  const components = [...byComponent.values()].map((those) => oneImage(those, release));
  return { commit: first[0], regions: [...new Set(rows.map(({ region }) => region))].sort(), components };
}

function oneImage(rows: VerifiedRelease[], release: string): Promotable['components'][number] {
  const newest = rows.reduce((a, b) => (b.verifiedAt > a.verifiedAt ? b : a));
  const { component, image, releaseId, environment, commit } = newest;
  if (rows.some((row) => row.image !== image)) {
    const lines = rows.map((row) => `\n${oneLine(row.region)}: ${oneLine(shortDigest(row.image))}`);
    throw refusedFailure(
      `${oneLine(component)} is not one image in ${environment}:${lines.join('')}`,
      `Release it once more in all its regions: ${release} --commit ${commit} --new-attempt`,
    );
  }
  // Since when all of them say so.
  return { component, image, releaseId, verifiedAt: Math.min(...rows.map(({ verifiedAt }) => verifiedAt)) };
}

function placesOf(rows: readonly VerifiedRelease[]): string {
  return [...new Set(rows.map(({ region }) => oneLine(region)))].join(', ');
}

interface Shown extends Promotable {
  service: string;
  from: string;
  to: string;
  branch: string;
}

export function renderPromotion({ service, from, to, branch, commit, regions, components }: Shown): string[] {
  const rows = components.map(({ component, image, releaseId, verifiedAt }) => [
    oneLine(component),
    oneLine(shortDigest(image)),
    `verified ${dateAndTime(verifiedAt)} by ${oneLine(releaseId)}`,
  ]);
  return [
    `${service}: ${from} → ${to}`,
    `commit ${oneLine(commit)} on ${oneLine(branch)}, verified in ${regions.map(oneLine).join(', ')}`,
    ...table(rows, '  '),
  ];
}

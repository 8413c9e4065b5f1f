import type { PromotionSpec } from '../domain/contract/release.ts';
import { isDeployedIn } from './deployed-where.ts';
import { durationMs } from './duration.ts';
import { list, refuse } from './floors.ts';
import type { Comparison } from './floors.ts';
import { nearest } from '../domain/nearest.ts';

/** Where the images come from that are not built; undefined where they are. The policy may ask for it, and say from where and how old. */
export function promotionOf(at: Comparison): PromotionSpec | undefined {
  const { environment: name, wanted, floor, pipeline } = at;
  const path = ['environments', name, 'from'];
  const { promotedFrom, promotedWithin } = floor;
  if (wanted.from === undefined) {
    if (promotedFrom) {
      const message = `nothing may be built for \`${name}\`: the policy has its images promoted from ${list(promotedFrom)}`;
      const hint = `say where they are verified: \`from: ${promotedFrom[0]}\``;
      refuse(at, path, message, ['promotedFrom'], { hint });
    }
    return undefined;
  }
  const { environment, maxAge = promotedWithin } =
    typeof wanted.from === 'string' ? { environment: wanted.from } : wanted.from;
  if (promotedFrom && !promotedFrom.includes(environment)) {
    const meant = nearest(environment, promotedFrom);
    const message = `\`${name}\` may not be promoted from \`${environment}\`, the policy allows ${list(promotedFrom)}`;
    refuse(at, path, message, ['promotedFrom'], { hint: meant && `did you mean \`${meant}\`?` });
  }
  if (promotedWithin !== undefined && durationMs(maxAge!) > durationMs(promotedWithin)) {
    const message = `what was verified up to ${maxAge} ago is promoted, the policy allows at most ${promotedWithin}`;
    refuse(at, [...path, 'maxAge'], message, ['promotedWithin']);
  }
  const source = pipeline.content.environments[environment]!;
  const regionsOf = (component: string) =>
    Object.keys(source.regions).filter((region) => isDeployedIn(source, component, region));
  const components = Object.keys(pipeline.content.components);
  return {
    environment,
    ...(maxAge !== undefined && { maxAgeMs: durationMs(maxAge) }),
    regions: Object.fromEntries(components.map((component) => [component, regionsOf(component)])),
  };
}

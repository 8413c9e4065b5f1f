import type { PromotionSpec, ReleaseSpec } from '../../domain/contract/release.ts';
import { Refused } from './errors.ts';

/** Whoever asks for a promotion wants the images of that environment, and none that are built: throws 400 where slipway.yaml says otherwise. */
export function requirePromoted({ environment, promotion }: ReleaseSpec, from: string): PromotionSpec {
  if (promotion?.environment === from) return promotion;
  const otherwise =
    promotion === undefined ? 'says no `from`: it would be built' : `says \`from: ${promotion.environment}\``;
  throw new Refused(
    400,
    'bad-request',
    `${environment} takes no images from ${from}: its slipway.yaml at that commit ${otherwise}`,
    `Write \`from: ${from}\` into slipway.yaml there, or start the release without a promotion: slipway deploy`,
  );
}

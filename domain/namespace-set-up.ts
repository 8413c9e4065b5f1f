import { isTemporalCloud, type TemporalPlace } from './temporal-place.ts';

/** How long histories of a namespace that Slipway makes are kept; the records keep the rest. */
export const retentionDays = 30;

/** For whoever may make a namespace. */
export function namespaceNext(place: TemporalPlace): string {
  const { address, namespace } = place;
  if (isTemporalCloud(place))
    return "Make it on Temporal Cloud's pages, or with `tcld namespace create`, and give its whole name, NAME.ACCOUNT, in SLIPWAY_TEMPORAL_NAMESPACE; then `slipway setup` again.";
  return `Whoever may: \`temporal operator namespace create --address ${address} --namespace ${namespace} --retention ${retentionDays * 24}h\`; then \`slipway setup\` again.`;
}

import type { CheckResult } from './check-result.ts';
import { searchAttributes } from './contract/names.ts';
import { isTemporalCloud, type TemporalPlace } from './temporal-place.ts';

/** The search attributes that Temporal knows, each with its type in Temporal's words. */
export type KnownAttributes = Readonly<Record<string, string>>;

const wantedType = 'Keyword';
const wanted: readonly string[] = Object.values(searchAttributes);

export function judgeAttributes(known: KnownAttributes): { missing: string[]; otherwise: string[] } {
  const typeOf = (name: string) => (Object.hasOwn(known, name) ? known[name] : undefined);
  return {
    missing: wanted.filter((name) => typeOf(name) === undefined),
    otherwise: wanted.filter((name) => ![undefined, wantedType].includes(typeOf(name))),
  };
}

/** For whoever may add search attributes. `temporal` takes several names, and adds the first: one command for each. */
export function attributesNext(place: TemporalPlace, missing: readonly string[]): string {
  const { address, namespace } = place;
  const own = (name: string) =>
    `temporal operator search-attribute create --address ${address} --namespace ${namespace} --name ${name} --type ${wantedType}`;
  const pairs = missing.map((name) => `--search-attribute ${name}=${wantedType}`);
  const commands = isTemporalCloud(place)
    ? [`tcld namespace search-attributes add --namespace ${namespace} ${pairs.join(' ')}`]
    : missing.map(own);
  return `Whoever may, with rights of their own: ${commands.map((command) => `\`${command}\``).join(', ')}.`;
}

export const attributesAreThere: CheckResult = { ok: true, says: `the ${wanted.length} search attributes are there` };

export function attributesOtherwise(names: readonly string[]): CheckResult {
  return {
    ok: false,
    says: `${names.join(', ')} exist with another type than ${wantedType}: runs are not found by them`,
    next: `Remove them, or take another namespace; then \`slipway setup\` again.`,
  };
}

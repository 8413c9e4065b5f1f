import { searchAttributes } from './contract/names.ts';

/** What was looked at, or done, when an installation is set up; with a `next` where something is left for somebody else. */
export interface SetUpFinding {
  ok: boolean;
  says: string;
  next?: string;
}

/** Where an installation has its runs. */
export interface TemporalPlace {
  address: string;
  namespace: string;
}

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

/** Temporal's own cloud: there another program makes namespaces and search attributes, and no client may. */
function isTemporalCloud({ address }: TemporalPlace): boolean {
  return /\.(tmprl\.cloud|api\.temporal\.io):\d+$/.test(address);
}

/** For whoever may make a namespace. */
export function namespaceNext(place: TemporalPlace): string {
  const { address, namespace } = place;
  if (isTemporalCloud(place))
    return "Make it on Temporal Cloud's pages, or with `tcld namespace create`, and give its whole name, NAME.ACCOUNT, in SLIPWAY_TEMPORAL_NAMESPACE; then `slipway setup` again.";
  return `Whoever may: \`temporal operator namespace create --address ${address} --namespace ${namespace} --retention ${retentionDays * 24}h\`; then \`slipway setup\` again.`;
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

/** How long histories of a namespace that Slipway makes are kept; the records keep the rest. */
export const retentionDays = 30;

export const attributesAreThere: SetUpFinding = { ok: true, says: `the ${wanted.length} search attributes are there` };

export function attributesOtherwise(names: readonly string[]): SetUpFinding {
  return {
    ok: false,
    says: `${names.join(', ')} exist with another type than ${wantedType}: runs are not found by them`,
    next: `Remove them, or take another namespace; then \`slipway setup\` again.`,
  };
}

import { rulesFor, type Right } from './cluster-rights.ts';
import { likest, nearest } from './nearest.ts';
import { head } from './whole-text.ts';

/** What a look at a place has found before anything is changed there. Nothing of all this: what is named is there, and may be changed. */
export interface PlaceLook {
  /** What is not there, or not as it is named. */
  wrong: string[];
  /** What the cluster says may not be done. */
  lacking: Right[];
  /** What could not be looked at, as nobody lets us. */
  unseen: string[];
}

export interface RegionLook extends PlaceLook {
  region: string;
  namespace: string;
  /** Why nobody could look at all of it: it is away. */
  away?: string;
  /** What people should know, and what keeps no release. */
  notes?: string[];
}

export function together(looks: readonly PlaceLook[]): PlaceLook {
  return {
    wrong: looks.flatMap(({ wrong }) => wrong),
    lacking: looks.flatMap(({ lacking }) => lacking),
    unseen: looks.flatMap(({ unseen }) => unseen),
  };
}

export interface SeenDeployment {
  namespace: string;
  named: { deployment: string; containers: readonly string[] };
  /** Those that it has; absent: it does not exist. */
  containers?: readonly string[];
  /** The Deployments that there are; absent: nobody may list them. */
  others?: readonly string[];
}

/** What slipway.yaml has wrong of a Deployment, with what was probably meant. */
export function wrongIn({ namespace, named, containers, others }: SeenDeployment): string[] {
  const what = `Deployment ${namespace}/${named.deployment}`;
  if (!containers) {
    const hint =
      others?.length === 0 ? 'there is no Deployment in this namespace' : hintAmong(named.deployment, others);
    return [withHint(`${what} does not exist`, hint)];
  }
  return named.containers
    .filter((name) => !containers.includes(name))
    .map((name) => withHint(`${what} has no container ${name}`, hintAmong(name, containers)));
}

/** Variables that a release would set, and that the Deployment sets by itself: two who write them would undo each other. */
export function setByOthers({
  namespace,
  deployment,
  container,
  variables,
}: {
  namespace: string;
  deployment: string;
  container: string;
  variables: readonly { name: string; by: string | undefined }[];
}): string[] {
  const where = `container ${container} of Deployment ${namespace}/${deployment}`;
  return variables.map(({ name, by }) => {
    const who = by === undefined ? '' : ` (written by ${by})`;
    return `${name} is set in ${where} by somebody else${who}: take it out there, or leave it out in slipway.yaml`;
  });
}

/** A namespace may be shared: what else is there is for others to tell, beyond what was probably meant. */
const mostShown = 3;

function hintAmong(name: string, others: readonly string[] = []): string | undefined {
  const meant = nearest(name, others);
  if (meant !== undefined) return `did you mean \`${meant}\`?`;
  const shown = likest(name, others, mostShown).map((one) => `\`${one}\``);
  const more = others.length - shown.length;
  return shown.length === 0
    ? undefined
    : `among those there: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const withHint = (text: string, hint: string | undefined) => (hint === undefined ? text : `${text}: ${hint}`);

export type PlacesVerdict =
  | { kind: 'refused'; code: 'SLIP-K8S-25' | 'SLIP-K8S-26'; why: string }
  /** Nothing that was seen speaks against it. `notes`: what was not seen. */
  | { kind: 'go-on'; notes: string[] };

/** All that is wrong, of all regions at once: people correct it in one go. What was not seen refuses nothing, and is told. */
export function judgePlaces(looks: readonly RegionLook[]): PlacesVerdict {
  const wrong = byRegions(looks, ({ wrong }) => wrong);
  const lacking = byRegions(looks, ({ namespace, lacking }) =>
    rulesFor(lacking).map((rule) => `the Role in the namespace ${namespace} lacks ${rule}`),
  );
  const away = byRegions(looks, ({ away }) =>
    away === undefined ? [] : [`could not be looked at: ${head(away, mostOfAway)}`],
  );
  if (wrong.length + lacking.length > 0) {
    const code = wrong.length > 0 ? 'SLIP-K8S-25' : 'SLIP-K8S-26';
    return { kind: 'refused', code, why: asManyAsFit([...wrong, ...lacking, ...away]) };
  }
  const unseen = byRegions(looks, ({ unseen }) =>
    unseen.length > 0
      ? [`${unique(unseen).join(', ')}: not looked at before the release, as the cluster does not let us`]
      : [],
  );
  return { kind: 'go-on', notes: [...byRegions(looks, ({ notes = [] }) => notes), ...unseen, ...away] };
}

/** What is so in several regions is told once. */
function byRegions(looks: readonly RegionLook[], textsOf: (look: RegionLook) => string[]): string[] {
  const told = looks.flatMap((look) => unique(textsOf(look)).map((text) => ({ text, region: look.region })));
  return [...Map.groupBy(told, ({ text }) => text)].map(
    ([text, those]) => `${those.map(({ region }) => region).join(', ')}: ${text}`,
  );
}

const unique = (texts: readonly string[]) => [...new Set(texts)];

/** A failure keeps its end where it is too long: what is first here must not be lost, nor how much there is. */
function asManyAsFit(lines: readonly string[]): string {
  const shown: string[] = [];
  let left = mostCharacters;
  for (const line of lines) {
    const short = line.length > mostOfOne ? `${head(line, mostOfOne)}…` : line;
    if (short.length + 2 > left) break;
    left -= short.length + 2;
    shown.push(short);
  }
  const more = lines.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

const mostCharacters = 1_900;
const mostOfOne = 600;
const mostOfAway = 300;

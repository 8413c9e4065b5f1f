import { dockerignoresOf } from '../../domain/artifacts.ts';
import type { BuildInputs } from '../../domain/build-inputs.ts';
import type { BuildSpec, Digest, ReleaseRequest, ReleaseSpec } from '../../domain/contract/release.ts';
import { baseImages, mostDockerfileBytes } from '../../domain/dockerfile.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { registryHost } from '../../domain/images.ts';
import type { Registry } from '../images/port.ts';
import { isInside } from '../../domain/addresses.ts';
import { inTurn } from '../shared/in-turn.ts';
import type { Source } from '../source/port.ts';
import { head } from '../../domain/whole-text.ts';

/** Each is a request to a registry that a repository has named. */
const mostBases = 50;
/** Of all components together, and so many at once. */
const mostAsked = 200;
const mostAtOnce = 8;
/** A registry that does not answer takes minutes, and a repository can name as many as it likes: what was not asked by then is not. */
const patienceMs = 2 * 60_000;

export interface GatherBuildInputs {
  /** What an image of this commit is built from. Never throws for what is wrong in the repository or at a registry: that is `untold`. */
  inputsOf(build: BuildSpec): Promise<BuildInputs>;
  /** The texts of the `.dockerignore` files that may apply. */
  dockerignoresOf(build: BuildSpec): Promise<string[]>;
}

/** Of one commit; each registry is asked once for each image, whichever components are built on it. */
export function gatherBuildInputs(
  { repository, commit }: ReleaseRequest,
  spec: ReleaseSpec,
  { source, registry, now = Date.now }: { source: Source; registry: Pick<Registry, 'resolve'>; now?: () => number },
): GatherBuildInputs {
  const asked = new Map<string, Promise<Resolved>>();
  const turn = inTurn(mostAtOnce);
  let until: number | undefined;
  const trusted = new Set([spec.registry, ...spec.imagesFrom].map(registryHost));
  const ask = async (reference: string): Promise<Resolved> => {
    const known = asked.get(reference);
    if (known) return known;
    if (asked.size >= mostAsked) return { reference, why: `more than ${mostAsked} base images in all components` };
    const end = (until ??= now() + patienceMs);
    const answer = turn<Resolved>(async () =>
      now() < end
        ? resolve(registry, trusted, reference)
        : { reference, why: `${reference} was not asked for: the registries before it took too long` },
    );
    asked.set(reference, answer);
    return answer;
  };
  const read = (path: string) => source.read({ repository, commit, path, maxBytes: mostDockerfileBytes });
  return {
    async inputsOf(build) {
      const text = await orItsRefusal(read(build.dockerfile));
      if (text instanceof Failure) return { ...build, bases: {}, untold: [text.details.detail] };
      if (text === undefined) return { ...build, bases: {}, untold: [`there is no ${build.dockerfile}`] };
      const { references, untold } = baseImages(text, build.args);
      if (references.length > mostBases) untold.push(`more than ${mostBases} base images`);
      const answers = await Promise.all(references.slice(0, mostBases).map(ask));
      return {
        ...build,
        bases: Object.fromEntries(
          answers.flatMap(({ reference, digest }) => (digest === undefined ? [] : [[reference, digest]])),
        ),
        untold: [...untold, ...answers.flatMap(({ why }) => why ?? [])],
      };
    },

    async dockerignoresOf(build) {
      const texts = await Promise.all(dockerignoresOf(build).map((path) => orItsRefusal(read(path))));
      // One that cannot be read keeps nothing out.
      return texts.flatMap((text) => (text instanceof Failure ? [''] : (text ?? [])));
    },
  };
}

interface Resolved {
  reference: string;
  digest?: Digest;
  why?: string;
}

/** A repository must not make the engine ask addresses inside: only the policy may name a registry there. */
async function resolve(
  registry: Pick<Registry, 'resolve'>,
  trusted: ReadonlySet<string>,
  reference: string,
): Promise<Resolved> {
  const host = registryHost(reference);
  if (!trusted.has(host) && isInside(URL.parse(`https://${host}`)?.hostname ?? 'localhost')) {
    return { reference, why: `${reference} is at an address inside, which the policy does not name` };
  }
  try {
    const digest = await registry.resolve(reference);
    return digest === undefined ? { reference, why: `${reference} is not in its registry` } : { reference, digest };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, title, detail } = error.details;
    // Of a name that may not be asked, or that is none, the detail says all.
    return { reference, why: `${reference}: ${code === 'SLIP-IMG-6' ? '' : `${title}: `}${head(detail, 200)}` };
  }
}

/** What is wrong with the file itself; a repository that cannot be reached is tried again as always. */
async function orItsRefusal<T>(looking: Promise<T>): Promise<T | Failure> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof Failure && error.details.code === 'SLIP-SRC-5') return error;
    throw error;
  }
}

/**
 * Arguments that nobody has to declare. Those of proxies are given to every RUN, and are no part of what a layer is known by: the next build
 * would take what has come by a proxy of this one's choice.
 */
const forTheBuilder = /^(BUILDKIT_.*|(HTTP|HTTPS|FTP|NO|ALL)_PROXY)$/i;

/** Why a repository may not give a build an argument of this name, as what is said of the name; undefined where it may. */
export function refuseBuildArgument(name: string): string | undefined {
  if (!forTheBuilder.test(name)) return undefined;
  return 'tells the builder what to do, and is not for a repository to say';
}

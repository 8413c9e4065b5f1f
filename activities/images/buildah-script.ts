/** Exit codes of the script for what is no fault of the Dockerfile. */
export const scriptCodes = { base: 201, layout: 202 };

/**
 * What runs in the box: base images into the builder's own store, under the names by which the Dockerfile may call them; the build; and the
 * image into a directory. Arguments: for each base in its order its names and a dot, then --, then the arguments of the build.
 */
export const buildInBox = `
set -eu
store='--storage-driver vfs --root /work/store --runroot /work/run'
number=0
while [ "$1" != -- ]; do
  image=$(buildah $store pull --quiet "dir:/bases/$number") || exit ${scriptCodes.base}
  while [ "$1" != . ]; do buildah $store tag "$image" "$1" || exit ${scriptCodes.base}; shift; done
  shift
  number=$((number + 1))
done
shift
buildah $store bud --pull-never --format docker --isolation chroot --timestamp 0 --iidfile /work/image-id "$@" \\
  --file /in/Dockerfile /context
buildah $store push --format v2s2 "$(cat /work/image-id)" dir:/out/layout || exit ${scriptCodes.layout}
`;

import type { FailureEntry } from './failure.ts';

export const imageErrors = {
  'SLIP-IMG-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the image does not build',
    next: 'Read the build log below; the same commit fails the same way, so push a fix.',
  },
  'SLIP-IMG-2': {
    kind: 'retryable',
    blame: 'world',
    title: 'the registry cannot be reached',
    next: 'Check the registry and the network; the run goes on when it answers.',
  },
  'SLIP-IMG-3': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the image is not in the registry',
    next: `Release the commit again, so that its image is built anew; look for clean-up rules that delete untagged images.`,
  },
  'SLIP-IMG-4': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the tag points to another image and must not be moved',
    next: `Make the tag movable in the registry; or use another tag, and release that.`,
  },
  'SLIP-IMG-5': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the registry refuses access',
    next: 'Check the credentials for this registry and the rights they give on the repository.',
  },
  'SLIP-IMG-6': {
    kind: 'terminal',
    blame: 'release',
    title: 'the build or image is not described in a form that is accepted',
    next: 'Context and Dockerfile must be inside the repository, images of the form host/repository, tags of letters, digits, dots and dashes; an index of many platforms is given by the digest of one.',
  },
  'SLIP-IMG-7': {
    kind: 'retryable',
    blame: 'operator',
    title: 'the image builder does not work on this worker',
    next: 'Check the Docker daemon, or buildah and skopeo, and the disk of the build worker; the run goes on when they work.',
  },
  'SLIP-IMG-8': {
    kind: 'terminal',
    blame: 'world',
    title: 'the registry refused the request',
    next: 'Read what the registry answered.',
  },
} as const satisfies Record<string, FailureEntry>;

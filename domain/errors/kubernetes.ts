import type { FailureEntry } from './failure.ts';

export const kubernetesErrors = {
  'SLIP-K8S-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the rollout failed',
    next: 'Read the reason the pods give; push a fix.',
  },
  'SLIP-K8S-2': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the object does not exist in the cluster',
    next: 'Create it first: a release changes what is there, it does not create it. Compare cluster, namespace and name with slipway.yaml.',
  },
  'SLIP-K8S-3': {
    kind: 'terminal',
    blame: 'release',
    title: 'the Deployment has no container of that name',
    next: 'Correct `containers` in slipway.yaml; nothing was changed.',
  },
  'SLIP-K8S-4': {
    kind: 'terminal',
    blame: 'world',
    title: 'something newer has been written here',
    next: 'Nothing to do: this change came too late, and nothing was written. Look at the release that wrote last.',
  },
  'SLIP-K8S-5': {
    kind: 'retryable',
    blame: 'operator',
    title: 'the cluster does not accept our credentials',
    next: 'Renew the credentials of this cluster (the kubeconfig file, or the EKS access entry of the role); the run then goes on by itself.',
  },
  'SLIP-K8S-6': {
    kind: 'terminal',
    blame: 'operator',
    title: 'our rights in the cluster do not suffice',
    next: 'Give the identity the right that the message names, in that namespace only, and start again.',
  },
  'SLIP-K8S-7': {
    kind: 'retryable',
    blame: 'world',
    title: 'others keep writing the same object',
    next: 'It is tried again. If it goes on, find the controller or the person who fights over this Deployment (`kubectl get --show-managed-fields`).',
  },
  'SLIP-K8S-8': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the cluster refuses the change',
    next: 'Read the reason: a validation rule or an admission policy of the cluster says no, and will say it again.',
  },
  'SLIP-K8S-9': {
    kind: 'retryable',
    blame: 'world',
    title: 'the API server asks us to wait',
    next: 'Nothing to do: it is tried again after the pause that the server asks for.',
  },
  'SLIP-K8S-10': {
    kind: 'retryable',
    blame: 'world',
    title: 'the API server cannot be reached',
    next: 'It is tried again. If it goes on, look at the network between the worker and the cluster.',
  },
  'SLIP-K8S-11': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the cluster is not configured',
    next: "Correct the region's cluster in the operator's policy file, or put the kubeconfig file where the worker looks for it.",
  },
  'SLIP-K8S-12': {
    kind: 'retryable',
    blame: 'world',
    title: 'AWS cannot be asked for the cluster',
    next: 'It is tried again. If it goes on, look at the network between the worker and AWS, and at the credentials of the worker.',
  },
  'SLIP-K8S-13': {
    kind: 'terminal',
    blame: 'operator',
    title: 'AWS refuses access to the cluster',
    next: "Let the worker's identity assume the role, and the role call eks:DescribeCluster.",
  },
  'SLIP-K8S-14': {
    kind: 'retryable',
    blame: 'operator',
    title: "this machine's clock is wrong",
    next: 'Set the clock: signed tokens of a clock that is minutes off are refused. The run then goes on by itself.',
  },
  'SLIP-K8S-15': {
    kind: 'terminal',
    blame: 'release',
    title: 'the image is not pinned by digest',
    next: 'Name the image as host/repository@sha256:…; a tag may mean something else tomorrow.',
  },
  'SLIP-K8S-16': {
    kind: 'terminal',
    blame: 'world',
    title: 'somebody else has changed what was deployed',
    next: 'The message names the writer and the images. Stop it, or let it finish; then let the run go on, which writes its change again, or roll back.',
  },
  'SLIP-K8S-17': {
    kind: 'terminal',
    blame: 'world',
    inconclusive: true,
    title: 'nobody could say whether the pods run the approved image',
    next: 'The pods report a digest that the registry does not know as this image. Make the registry reachable for the worker, or look at what converts or mirrors images between it and the nodes; then let the run go on.',
  },
} as const satisfies Record<string, FailureEntry>;

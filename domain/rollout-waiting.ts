import { codeOfPull } from './image-pull.ts';
import { rolloutCodes, type RolloutCode } from './rollout-cause.ts';
import type { ContainerObservation, PodObservation, WarningObservation } from './rollout-observation.ts';
import { warningsOf } from './rollout-probes.ts';

/** What the image says of its user, against what the Deployment asks for. */
const imagesOwn = /run as root|non-numeric user/i;
const nodesOwn = /deadline exceeded|timed? ?out|failed to reserve container name/i;

/** What it means that a container waits, by the kubelet's reason and its words. */
export function codeOfWaiting(
  pod: PodObservation,
  container: ContainerObservation,
  { warnings, running }: { warnings: readonly WarningObservation[]; running?: ReadonlySet<string> },
): RolloutCode {
  const { reason, message, name } = container;
  switch (reason) {
    case 'ErrImageNeverPull':
      return rolloutCodes.missing;
    case 'ErrImagePull':
    case 'ImagePullBackOff': {
      // While it holds back, older kubelets say only that they do: their last try is in the events.
      const [tried] = warningsOf(pod, container, warnings).filter((one) => one.message.startsWith('Failed to pull'));
      return codeOfPull(`${message} ${tried?.message ?? ''}`, running?.has(name) ?? false);
    }
    case 'CreateContainerConfigError':
      return imagesOwn.test(message) ? rolloutCodes.itself : rolloutCodes.missing;
    case 'CreateContainerError':
      return nodesOwn.test(message) ? rolloutCodes.noPlace : rolloutCodes.itself;
    case 'ContainerCreating':
    case 'PodInitializing':
      return rolloutCodes.noPlace;
    default:
      return rolloutCodes.itself;
  }
}

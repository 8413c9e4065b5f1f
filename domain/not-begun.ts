import type { ReleaseRow } from './contract/gateway.ts';
import { orderOfRollback, releaseId as idOfRelease } from './contract/names.ts';

/** What is known of a run by its request. */
export type Asked = Pick<ReleaseRow, 'releaseId' | 'service' | 'environment' | 'commit' | 'branch' | 'attempt'>;

/** Why nobody can tell how a run has ended that Temporal does not know. */
export type Unknown = 'not-begun' | 'elsewhere';

/** In a few words; a newer gateway may know more. */
export function unknownInWords(why: Unknown): string {
  switch (why) {
    case 'not-begun':
      return 'it has not begun, or its history is gone';
    case 'elsewhere':
      return 'this Temporal knows neither it nor its lane';
    default:
      return 'Temporal does not know it';
  }
}

/** Of one that has begun by the records: it may be under way where the workers look. */
export function whyNotHere({ service, environment, namespace }: Asked & { namespace: string }): string[] {
  return [
    `By the records it has begun, and has not ended; the Temporal that the gateway asks (namespace ${namespace}) knows neither it nor its lane. It may be another one than the workers have.`,
    `Next: compare SLIPWAY_TEMPORAL_ADDRESS and SLIPWAY_TEMPORAL_NAMESPACE of the gateway and the workers. Where the histories are lost, \`slipway lane tell --service ${service} --environment ${environment}\` begins the lane anew, and then the run is told as ended.`,
  ];
}

/** What is so, and what moves it: nobody else will. */
export function whyNotBegun(asked: Asked): string[] {
  return [
    `It has not begun, or its history is gone: Temporal does not know it, and by the records it has changed nothing. It was asked for, and nothing more.`,
    orderOfRollback(asked.releaseId) === undefined ? beginRelease(asked) : orderAgain(asked),
  ];
}

function beginRelease({ service, environment, commit, branch }: Asked): string {
  const command = `slipway deploy --service ${service} --environment ${environment} --branch ${branch} --commit ${commit}`;
  return `Next: the same \`slipway deploy\` again begins it, with the options that it had: \`${command}\`.`;
}

/** A rollback of its own, by an order of its own: the one that was given expires. */
function orderAgain(asked: Asked): string {
  return `Next: order it again: \`slipway rollback ${idOfRelease(asked)} --reason "…"\`.`;
}

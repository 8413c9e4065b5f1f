import type { ReleaseRow } from './contract/gateway.ts';
import { orderOfRollback, releaseId as idOfRelease } from './contract/names.ts';

/** What is known of a run by its request. */
export type Asked = Pick<ReleaseRow, 'releaseId' | 'service' | 'environment' | 'commit' | 'branch' | 'attempt'>;

/** In a few words, of a run that Temporal does not know and that has changed nothing by the records. */
export const notBegun = 'it has not begun, or its history is gone';

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

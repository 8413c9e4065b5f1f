import { boxErrors } from './box.ts';
import { deliveryErrors } from './delivery.ts';
import { Failure, type FailureDetails, type FailureEntry } from './failure.ts';
import { imageErrors } from './images.ts';
import { kubernetesErrors } from './kubernetes.ts';
import { migrationErrors } from './migrations.ts';
import { notifyErrors } from './notify.ts';
import { pipelineErrors } from './pipeline.ts';
import { recordErrors } from './records.ts';
import { releaseErrors } from './release.ts';
import { scanErrors } from './scan.ts';
import { smokeErrors } from './smoke.ts';
import { sourceErrors } from './source.ts';
import { testErrors } from './tests.ts';
import { verificationErrors } from './verification.ts';
import { tail } from '../whole-text.ts';

/** The whole catalogue: one table per area, so that each adapter's author edits one file. */
export const errorCatalogue = {
  ...sourceErrors,
  ...boxErrors,
  ...imageErrors,
  ...scanErrors,
  ...testErrors,
  ...kubernetesErrors,
  ...deliveryErrors,
  ...migrationErrors,
  ...verificationErrors,
  ...smokeErrors,
  ...recordErrors,
  ...notifyErrors,
  ...pipelineErrors,
  ...releaseErrors,
};

export type ErrorCode = keyof typeof errorCatalogue;

const detailLimit = 2_000;

/** The failure of that code. `detail` says what happened this time; it is cut to 2,000 characters, keeping its end. */
export function failure(code: ErrorCode, detail: string): Failure {
  return new Failure(failureDetails(code, detail));
}

/** Undefined for a code that only another version has. */
export function entryOf(code: string): FailureEntry | undefined {
  return Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code as ErrorCode] : undefined;
}

export function failureDetails(code: ErrorCode, detail: string): FailureDetails {
  const entry: FailureEntry = errorCatalogue[code];
  return { code, ...entry, detail: detail.length > detailLimit ? `…${tail(detail, detailLimit)}` : detail };
}

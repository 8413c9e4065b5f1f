import { loginProblems } from '../activities/records/judge-login.ts';
import type { ProcessRole } from '../activities/records/judge-login.ts';
import { lookAtLogin } from '../activities/records/login-look.ts';
import { Failure } from '../domain/errors/failure.ts';
import { recordsUrlOf } from './compose-records.ts';
import type { StartCheck } from './start-checks.ts';

/** Whether the database lets this login do what these roles do. That it cannot be asked is told when the process opens it. */
export function recordsLogin(roles: readonly ProcessRole[]): StartCheck {
  return async ({ set: { SLIPWAY_RECORDS_URL: recordsUrl } }) => {
    if (recordsUrl === undefined) return [];
    const url = await recordsUrlOf({ recordsUrl }).catch(() => undefined);
    if (url === undefined || URL.parse(url) === null) return [];
    try {
      return loginProblems(await lookAtLogin({ url }), roles);
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  };
}

import type { HttpEndpoint } from '../../domain/contract/release.ts';
import type { Answer } from './ask.ts';
import { type Judgement, wrong } from './judgement.ts';

/** Right when the status is the wanted one and the body holds the wanted text. A redirect is an answer of its own. */
export function judgeHttp(endpoint: HttpEndpoint, answer: Answer): Judgement {
  if (answer.status !== endpoint.status) return wrong(`answered ${answer.status} instead of ${endpoint.status}`);
  if (endpoint.contains !== undefined && !answer.body.includes(endpoint.contains)) {
    return wrong(
      `answered ${answer.status}, but ${answer.cut ? 'the first 256 KB' : 'the body'} does not contain "${endpoint.contains}"`,
    );
  }
  return { verdict: 'pass', summary: `answered ${answer.status}` };
}

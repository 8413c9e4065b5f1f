import type { HeaderExpectation, HttpEndpoint } from '../../domain/contract/release.ts';
import type { Answer } from './ask-http.ts';
import { type Judgement, wrong } from './judgement.ts';
import { parsedJson } from './parsed-json.ts';
import { otherValue, shownAs } from './values-at.ts';

/** Right when status, headers and body are as wanted. A redirect is an answer of its own. */
export function judgeHttp(endpoint: HttpEndpoint, answer: Answer): Judgement {
  if (answer.status !== endpoint.status) return wrong(`answered ${answer.status} instead of ${endpoint.status}`);
  const but = otherHeader(endpoint, answer) ?? otherBody(endpoint, answer);
  return but === undefined
    ? { verdict: 'pass', summary: `answered ${answer.status}` }
    : wrong(`answered ${answer.status}, but ${but}`);
}

function otherHeader({ headers = {} }: HttpEndpoint, answer: Answer): string | undefined {
  for (const [name, wanted] of Object.entries(headers)) {
    const found = answer.headers.get(name) ?? undefined;
    if (!isAsWanted(found, wanted)) return `the header ${name} is ${shownAs(name, found, answer)}${inPlaceOf(wanted)}`;
  }
  return undefined;
}

function isAsWanted(found: string | undefined, wanted: HeaderExpectation): boolean {
  return typeof wanted === 'string' ? found === wanted : found?.includes(wanted.contains) === true;
}

function inPlaceOf(wanted: HeaderExpectation): string {
  return typeof wanted === 'string' ? ` instead of "${wanted}"` : `, and should contain "${wanted.contains}"`;
}

function otherBody({ contains, json }: HttpEndpoint, answer: Answer): string | undefined {
  const { body, cut } = answer;
  if (contains !== undefined && !body.includes(contains))
    return `${cut ? 'the first 256 KB' : 'the body'} does not contain "${contains}"`;
  if (json === undefined) return undefined;
  if (cut) return 'the body has more than 256 KB, too much to be read as JSON';
  const data = parsedJson(body);
  return data === undefined ? 'the body is not JSON' : otherValue(data, json, answer);
}

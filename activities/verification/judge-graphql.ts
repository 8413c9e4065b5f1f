import { z } from 'zod';
import type { GraphqlEndpoint } from '../../domain/contract/release.ts';
import type { Answer } from './ask-http.ts';
import { type Judgement, wrong } from './judgement.ts';
import { parsedJson } from './parsed-json.ts';
import { otherValue } from './values-at.ts';

const graphqlResponse = z.looseObject({
  data: z.unknown().optional(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});

/** GraphQL answers 200 for failures too: right is a response without errors whose data hold the wanted values. */
export function judgeGraphql(endpoint: GraphqlEndpoint, answer: Answer): Judgement {
  const response = graphqlResponse.safeParse(answer.cut ? undefined : parsedJson(answer.body));
  const firstError = response.data?.errors?.[0];
  if (firstError) return wrong(`answered ${answer.status} with the error: ${firstError.message}`);
  if (answer.status !== 200) return wrong(`answered ${answer.status} instead of 200`);
  if (answer.cut) return wrong('answered with more than 256 KB');
  if (!response.success) return wrong('answered 200, but not with a GraphQL response');
  if (typeof response.data.data !== 'object' || response.data.data === null) return wrong('answered 200 without data');
  const other = otherValue(response.data.data, endpoint.expect, answer);
  return other === undefined ? { verdict: 'pass', summary: 'answered 200 with the expected data' } : wrong(other);
}

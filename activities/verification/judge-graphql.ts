import { z } from 'zod';
import type { GraphqlEndpoint } from '../../domain/contract/release.ts';
import type { Answer } from './ask.ts';
import { type Judgement, wrong } from './judgement.ts';
import { head } from '../../domain/whole-text.ts';

const graphqlResponse = z.looseObject({
  data: z.unknown().optional(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});

/** GraphQL answers 200 for failures too: right is a response without errors whose data hold the wanted values. */
export function judgeGraphql(endpoint: GraphqlEndpoint, answer: Answer): Judgement {
  const response = graphqlResponse.safeParse(answer.cut ? undefined : parsed(answer.body));
  const firstError = response.data?.errors?.[0];
  if (firstError) return wrong(`answered ${answer.status} with the error: ${firstError.message}`);
  if (answer.status !== 200) return wrong(`answered ${answer.status} instead of 200`);
  if (answer.cut) return wrong('answered with more than 256 KB');
  if (!response.success) return wrong('answered 200, but not with a GraphQL response');
  if (typeof response.data.data !== 'object' || response.data.data === null) return wrong('answered 200 without data');
  for (const [path, expected] of Object.entries(endpoint.expect)) {
    const found = valueAt(response.data.data, path);
    if (found !== expected) return wrong(`${path} is ${shown(found)} instead of ${shown(expected)}`);
  }
  return { verdict: 'pass', summary: 'answered 200 with the expected data' };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** `products.0.name` leads through objects and arrays, by their own fields only. */
function valueAt(data: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((place, step) => {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, step)) return undefined;
    return (place as Record<string, unknown>)[step];
  }, data);
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 80 ? `${head(text, 80)}…` : text;
}

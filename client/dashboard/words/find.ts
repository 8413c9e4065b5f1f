import { readRunName } from '../../../domain/short-names.ts';
import type { Named } from './address.ts';

/** Where somebody goes that looks for something. */
export type Place =
  | { to: '/runs/$'; id: string }
  | { to: '/lanes/$service/$environment'; service: string; environment: string }
  | { to: '/releases'; search: Named };

/** `known`: the lanes that they may look at. What is no lane, release, commit or service is taken for a person. */
export function placeOf(text: string, known: readonly { service: string; environment: string }[]): Place | undefined {
  const wanted = text.trim();
  if (wanted === '') return undefined;
  const [service = '', environment = ''] = wanted.split(/ ?(?:→|->|\/) ?/, 2);
  if (known.some((lane) => lane.service === service && lane.environment === environment))
    return { to: '/lanes/$service/$environment', service, environment };
  if (known.some((lane) => lane.service === wanted)) return { to: '/releases', search: { service: wanted } };
  const run = readRunName(wanted);
  if (run?.kind === 'id') return { to: '/runs/$', id: run.id };
  if (run?.kind === 'commit') return { to: '/releases', search: { commit: run.commit } };
  if (run?.kind === 'number')
    return {
      to: '/releases',
      search: { ...(run.service !== undefined && { service: run.service }), number: String(run.number) },
    };
  return { to: '/releases', search: { by: wanted } };
}

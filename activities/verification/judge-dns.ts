import { isInside } from '../../domain/addresses.ts';
import type { DnsEndpoint, RecordType } from '../../domain/contract/release.ts';
import { head } from '../../domain/whole-text.ts';
import { wrong, type Judgement } from './judgement.ts';

/** `none`: there is no such name, or no record of this type. */
export type DnsRecords = string[] | { none: 'name' | 'record' };

/**
 * That a name is not there is an answer as well: it is what was asked. Addresses inside are told of a name that the policy has (`isNamed`): of
 * any other below a domain the machine's own servers of names may know what nobody outside does.
 */
export function judgeDns(
  { type, oneOf, contains }: DnsEndpoint,
  records: DnsRecords,
  { isNamed }: { isNamed: boolean },
): Judgement {
  if (!Array.isArray(records)) return wrong(records.none === 'name' ? 'is not there: no such name' : 'is not there');
  const found = `is ${listed(records.map((one) => (isNamed || !isInside(one) ? one : 'an inside address')))}`;
  const wanted = new Set(oneOf?.map((one) => plain(type, one)));
  const foreign = oneOf && records.find((record) => !wanted.has(plain(type, record)));
  if (foreign !== undefined) return wrong(`${found}, and should be ${alternatives(oneOf!)}`);
  if (contains !== undefined && !records.some((record) => record.includes(contains)))
    return wrong(`${found}, without "${contains}"`);
  return { verdict: 'pass', summary: found };
}

/** As it is compared: names in any case, with or without the dot at their end; addresses in their one form. */
function plain(type: RecordType, text: string): string {
  if (type === 'CNAME') return text.toLowerCase().replace(/\.$/, '');
  return type === 'AAAA' ? (URL.parse(`http://[${text}]/`)?.hostname ?? text) : text;
}

const shownAtMost = 5;

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, shownAtMost).map((text) => (text.length > 80 ? `${head(text, 80)}…` : text));
  return texts.length > shownAtMost ? `${shown.join(', ')} and ${texts.length - shownAtMost} more` : shown.join(', ');
}

function alternatives(texts: readonly string[]): string {
  return texts.length === 1 ? listed(texts) : `one of ${listed(texts)}`;
}

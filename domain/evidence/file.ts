import { canonicalJson } from '../canonical.ts';
import type { EvidenceBundle, SignedEvidence } from '../contract/evidence-bundle.ts';

/** The one form of the file: nobody changes a byte of it unseen, not even one that says nothing. */
export function textOfEvidence(signed: SignedEvidence): string {
  return `${canonicalJson(signed)}\n`;
}

/** `shop-production-142.evidence.json`. */
export function nameOfEvidence({ service, environment, number }: Omit<EvidenceBundle['release'], 'id'>): string {
  const plain = (text: string) => text.replace(/[^\w.-]/g, '_');
  return `${plain(service)}-${plain(environment)}-${number}.evidence.json`;
}

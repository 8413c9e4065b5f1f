import { canonicalJson } from './canonical.ts';

/** What is signed beside decisions and orders, each under a label of its own. */
export type Label = 'request' | 'chain ends' | 'shipment' | 'service token' | 'session' | 'login';

/** The label stands in front, which no JSON begins with: no signature of one kind can stand under another. */
export function labelledText(label: Label, content: unknown): string {
  return `slipway ${label}\n${canonicalJson(content)}`;
}

/** By the first hexadecimal characters of a public key's hash: enough to tell keys apart. */
export const keyIdCharacters = 16;

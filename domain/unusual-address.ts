import { addressKind } from './addresses.ts';

/**
 * What makes an address one that a shop is not asked by from outside, in words; undefined for the others. Goes by what is written: a
 * public name may still lead inside, which the one that asks must see for itself.
 */
export function unusualAddress(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed) return 'it cannot be read as an address';
  if (parsed.username !== '' || parsed.password !== '') return 'it holds a login';
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'it is neither http nor https';
  const host = parsed.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  const kind = addressKind(host);
  if (kind === 'cloud' || metadataNames.includes(host)) return 'a cloud gives out credentials there';
  if (kind === undefined ? isInsideName(host) : kind !== 'public')
    return 'it is inside: this machine, or no address of the public network';
  return parsed.protocol === 'http:' ? 'whoever is in between can change what it answers' : undefined;
}

const metadataNames = ['metadata', 'metadata.google.internal', 'instance-data', 'instance-data.ec2.internal'];

/** A name without a dot, and those that only a cluster or a network at home knows. */
function isInsideName(host: string): boolean {
  return !host.includes('.') || /\.(?:localhost|local|internal|intranet|lan|home|corp|svc|arpa)$/.test(host);
}

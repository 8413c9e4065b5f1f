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
  if (isMetadata(host)) return 'a cloud gives out credentials there';
  if (isInside(host)) return 'it is inside: this machine, or a private network';
  return parsed.protocol === 'http:' ? 'whoever is in between can change what it answers' : undefined;
}

const metadataNames = ['metadata', 'metadata.google.internal', 'instance-data', 'instance-data.ec2.internal'];
const metadataAddresses = ['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200', '192.0.0.192'];
const metadataV6 = ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254'];

function isMetadata(host: string): boolean {
  const v4 = v4Of(host);
  return (
    metadataNames.includes(host) || metadataV6.includes(host) || (v4 !== undefined && metadataAddresses.includes(v4))
  );
}

function isInside(host: string): boolean {
  const v4 = v4Of(host);
  if (v4 !== undefined) return isInsideV4(v4.split('.').map(Number));
  if (host.includes(':')) return /^(::1?$|f[cd]|fe[89ab])/.test(host);
  // A name without a dot, and those that only a cluster or a network at home knows.
  return !host.includes('.') || /\.(?:localhost|local|internal|intranet|lan|home|corp|svc|arpa)$/.test(host);
}

function isInsideV4([a = 0, b = 0]: number[]): boolean {
  if (a === 0 || a === 10 || a === 127) return true;
  if (a === 100) return b >= 64 && b <= 127;
  if (a === 172) return b >= 16 && b <= 31;
  return (a === 169 && b === 254) || (a === 192 && b === 168);
}

/** An IPv4 address, also one that is written as IPv6 (`::ffff:a9fe:a9fe`, `64:ff9b::…`). URLs have each in one form only. */
function v4Of(host: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host;
  const [, high, low] = /^(?:::|::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return undefined;
  return [high, low].flatMap((part) => [parseInt(part, 16) >> 8, parseInt(part, 16) & 255]).join('.');
}

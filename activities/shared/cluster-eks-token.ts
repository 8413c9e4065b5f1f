import { createHash, createHmac } from 'node:crypto';
import type { BinaryLike, Hash, Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface TokenRequest {
  clusterName: string;
  awsRegion: string;
  credentials: AwsCredentials;
  /** Signing time. */
  at: Date;
}

/** What the reference client signs with; the server counts 15 minutes from the signing time whatever it says. */
const expiresInSeconds = 60;

/**
 * A token for an EKS cluster: a presigned call of `sts:GetCallerIdentity`, with the cluster's name in a signed header, as
 * unpadded base64url. The cluster sends it to STS to learn who we are. Rules: kubernetes-sigs/aws-iam-authenticator, pkg/token.
 */
export async function eksToken(request: TokenRequest): Promise<string> {
  const hostname = stsHost(request.awsRegion);
  const signer = new SignatureV4({
    credentials: request.credentials,
    region: request.awsRegion,
    service: 'sts',
    sha256: Sha256,
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: hostname, 'x-k8s-aws-id': request.clusterName },
    },
    { expiresIn: expiresInSeconds, signingDate: request.at },
  );
  const query = Object.entries(signed.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query}`).toString('base64url')}`;
}

function stsHost(awsRegion: string): string {
  return `sts.${awsRegion}.amazonaws.com${awsRegion.startsWith('cn-') ? '.cn' : ''}`;
}

/** The hash that the signer asks for, by Node's own cryptography. */
class Sha256 {
  private readonly secret: BinaryLike | undefined;
  private hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.secret = secret === undefined ? undefined : binary(secret);
    this.hash = this.fresh();
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(binary(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {
    this.hash = this.fresh();
  }
  private fresh(): Hash | Hmac {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', this.secret);
  }
}

function binary(data: string | ArrayBuffer | ArrayBufferView): Uint8Array | string {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

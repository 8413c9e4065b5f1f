import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { evidenceDestination } from '../activities/shared/evidence-destinations.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import { readTokens } from '../client/gateway/tokens.ts';
import { readPublicKeys } from './public-keys.ts';
import { slackSecrets } from './gateway-slack.ts';
import { canListen, everyProcess, git } from './common-checks.ts';
import { recordsLogin } from './compose-login.ts';
import { problemOf } from './start-checks.ts';
import type { StartCheck } from './start-checks.ts';

const signing: StartCheck = async ({ set }) => {
  const { SLIPWAY_SIGNING_KEY: file, SLIPWAY_PUBLIC_KEYS: directory } = set;
  const next = 'Make a pair as docs/configuration.md says, and give the public half to every process.';
  if (!file) return [{ says: "SLIPWAY_SIGNING_KEY is needed: the file with the gateway's private key", next }];
  const signs = await problemOf(() => publicHalfOf(file), next);
  if (signs.length > 0 || directory === undefined) return signs;
  const known = await readPublicKeys(directory).catch(() => undefined);
  if (known === undefined || (await knows(known, file))) return [];
  const says = `the public half of the key in ${file} is not in ${directory}: nobody would believe what is signed with it`;
  return [{ says, next: 'Put it there, and into the directory of every worker.' }];
};

async function publicHalfOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`SLIPWAY_SIGNING_KEY: ${file} cannot be read (${error.code ?? 'error'})`);
  });
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return derOf(createPublicKey(key));
  } catch {
    // Nothing of what stands there is repeated: it may be a key of another form.
  }
  throw new Error(`SLIPWAY_SIGNING_KEY: ${file} holds no Ed25519 private key (PEM)`);
}

async function knows(publicKeyPems: readonly string[], file: string): Promise<boolean> {
  const own = await publicHalfOf(file);
  return publicKeyPems.some((pem) => derOf(createPublicKey(pem)) === own);
}

function derOf(key: ReturnType<typeof createPublicKey>): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

const tokens: StartCheck = async ({ set: { SLIPWAY_TOKENS: file } }) => {
  const next = 'Write it as docs/configuration.md says: one entry for each token, with its sha256.';
  if (!file) return [{ says: 'SLIPWAY_TOKENS is needed: the file that says whose each token is', next }];
  return problemOf(() => readTokens(file), next);
};

const browserSecret: StartCheck = async ({ set: { SLIPWAY_OIDC_BROWSER_SECRET: reference } }) =>
  reference === undefined
    ? []
    : problemOf(
        async () => void (await resolveSecret(reference)),
        'Correct SLIPWAY_OIDC_BROWSER_SECRET, or what it refers to: docs/login.md says what it is.',
      );

/** Without what a reference resolves to: an address may be a secret. */
const destinations: StartCheck = async ({ set: { SLIPWAY_AUDIT_SHIP: all = [] } }) => {
  const found = all.map((one) =>
    problemOf(
      async () => {
        const text = isSecretReference(one) ? (await resolveSecret(one)).trim() : one;
        evidenceDestination(text, () => {});
      },
      `Correct SLIPWAY_AUDIT_SHIP${isSecretReference(one) ? `, or what ${one} refers to` : ''}.`,
    ),
  );
  return (await Promise.all(found)).flat();
};

/** What a gateway begins with. */
export const gatewayChecks: StartCheck[] = [
  ...everyProcess,
  recordsLogin([{ kind: 'gateway' }]),
  git,
  signing,
  tokens,
  destinations,
  browserSecret,
  slackSecrets,
  canListen('SLIPWAY_GATEWAY_LISTEN'),
];

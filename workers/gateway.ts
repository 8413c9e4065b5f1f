import { readFile } from 'node:fs/promises';
import { evidenceDestination } from '../activities/shared/evidence-destinations.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import { knownSecrets } from '../activities/shared/known-secrets.ts';
import type { Log } from '../activities/shared/log.ts';
import { createSigner } from '../activities/shared/signatures.ts';
import { connectClient } from '../client/connection.ts';
import { createEngine } from '../client/engine.ts';
import { startAutomaticPromotions } from '../client/gateway/automatic-promotions.ts';
import { startEvidence } from '../client/gateway/evidence.ts';
import { usualAnswerMs } from '../client/gateway/calls.ts';
import type { GatewayParts } from '../client/gateway/calls.ts';
import { browserLogin } from '../client/gateway/browser/browser.ts';
import type { Browser, BrowserSettings } from '../client/gateway/browser/browser.ts';
import { githubDoor } from '../client/gateway/github-oidc.ts';
import { loginDoor } from '../client/gateway/login.ts';
import { identityProvider } from '../client/gateway/provider.ts';
import type { Measures } from '../client/gateway/measures.ts';
import { recordsInTime } from '../client/gateway/records-in-time.ts';
import { pages } from '../client/gateway/pages.ts';
import { createGateway } from '../client/gateway/server.ts';
import { everybodyBy, identifyBy } from '../client/gateway/doors.ts';
import { serviceTokenDoor } from '../client/gateway/service-tokens.ts';
import { peopleOfTokens, tokenDoor } from '../client/gateway/tokens.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import { arePagesBuilt, builtPages } from './built-pages.ts';
import type { Composition } from './compose.ts';
import { slackBeside } from './gateway-slack.ts';

export interface RunningGateway {
  url: string;
  /** Where browsers have its pages; absent where there are none. */
  pages?: string;
  /** `/readyz` says that it is about to end; everything else is answered as before. */
  drain(): void;
  close(): Promise<void>;
}

/** Starts the gateway: the one process that holds the signing key. */
export async function startGateway(
  config: SlipwayConfig,
  parts: Composition,
  { measures, log }: { measures?: Measures; log?: Log } = {},
): Promise<RunningGateway> {
  const { host, port, signingKeyFile, tokensFile, github, login, browser } = config.gateway;
  await parts.missing.gateway();
  if (!signingKeyFile || !tokensFile) throw new Error('the gateway needs SLIPWAY_SIGNING_KEY and SLIPWAY_TOKENS');
  const signingKey = await readFile(signingKeyFile, 'utf8');
  knownSecrets.know(signingKey);
  const signer = createSigner(signingKey);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const report = log ? (line: string) => log.warn(line) : say;
  const destinations = await Promise.all(
    config.gateway.auditShip.map(async (text) =>
      evidenceDestination(isSecretReference(text) ? (await resolveSecret(text)).trim() : text, say),
    ),
  );
  const inTime = recordsInTime(parts.records, usualAnswerMs);
  const provider = login && identityProvider({ issuer: login.issuer, now: Date.now });
  // Those that know whose word it is first: of what they know the file need not be read.
  const doors = [
    ...(github ? [githubDoor({ ...github, pipeline: parts.pipeline, now: Date.now })] : []),
    ...(login && provider ? [loginDoor({ ...login, provider, now: Date.now })] : []),
    serviceTokenDoor({ tokens: inTime.tokens, verifier: parts.verifier, now: Date.now }),
    tokenDoor(tokensFile),
  ];
  const client = await connectClient(config.temporal);
  const { records, verifier } = parts;
  const evidence = startEvidence({ records, signer, verifier, destinations, now: Date.now, report });
  let draining = false;
  const hasPages = arePagesBuilt();
  const pagesUrl = hasPages && login ? browser?.origin : undefined;
  const slack = config.gateway.slack && (await slackBeside(config.gateway.slack));
  const gatewayParts: GatewayParts = {
    engine: createEngine({ client }),
    records: parts.records,
    pipeline: parts.pipeline,
    source: parts.source,
    signer,
    evidence,
    verifier: parts.verifier,
    identify: identifyBy(doors, parts.pipeline),
    people: everybodyBy(parts.pipeline, () => peopleOfTokens(tokensFile)),
    ...(login && { login }),
    ...(login && provider && browser && { browser: await browserBeside({ ...login, ...browser, provider }) }),
    ...(pagesUrl !== undefined && { pages: pagesUrl }),
    temporal: {
      namespace: config.temporal.namespace,
      ...(config.temporal.uiUrl && { uiUrl: config.temporal.uiUrl }),
    },
    ...(slack && { slack }),
    now: Date.now,
    isDraining: () => draining,
    ...(measures && { measures }),
    ...(log && { logger: log }),
    limits: config.gateway,
  };
  const gateway = createGateway(gatewayParts, [...(hasPages ? [pages(builtPages)] : []), ...(slack ? [slack] : [])]);
  await gateway.listen({ host, port });
  const promotions = startAutomaticPromotions(
    { ...gatewayParts, records: inTime, log: (error) => report(String(error)) },
    report,
  );
  const address = gateway.server.address();
  const listening = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host}:${listening}`,
    ...(pagesUrl !== undefined && { pages: pagesUrl }),
    drain: () => {
      draining = true;
    },
    close: async () => {
      promotions.stop();
      await gateway.close();
      await evidence.stop();
      await client.connection.close();
    },
  };
}

async function browserBeside({ secret, ...settings }: Omit<BrowserSettings, 'now'>): Promise<Browser> {
  return browserLogin({
    ...settings,
    ...(secret !== undefined && { secret: await resolveSecret(secret) }),
    now: Date.now,
  });
}

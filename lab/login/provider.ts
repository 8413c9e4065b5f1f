import { AssertionError } from 'node:assert';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { whoPage, whoPageHeaders } from './page.ts';
import type { Offered } from './page.ts';

/** An identity provider of the lab's own, on loopback: it asks for no password, and lets in everybody who reaches it. */
export interface LabLogin {
  issuer: string;
  clientId: string;
  /** May be called again. */
  stop(): Promise<void>;
}

/** What is asked of it, and nothing else: by its other grants anybody could have tokens of any name. */
const paths = {
  description: '/.well-known/openid-configuration',
  keys: '/jwks',
  authorize: '/authorize',
  token: '/token',
};
const clientId = 'slipway-lab';

/** `people`: who somebody may be; the subject of their tokens is their name. */
export async function startLabLogin(people: readonly Offered[]): Promise<LabLogin> {
  const issuer = new OAuth2Issuer();
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  await issuer.keys.add({ ...(await exportJWK(privateKey)), kid: 'lab', alg: 'RS256' });
  const service = new OAuth2Service(issuer);
  rememberWho(service, people);
  let address = '';
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://lab.invalid');
    if (!isAskedHere(request, address))
      return refuse(response, 403, 'The identity provider of the lab answers no other page, and to no other name.');
    keptFromPages(response);
    if (url?.pathname === paths.authorize && request.method === 'GET')
      authorize({ url, issuer: address, people, request, response, answer: service.requestHandler });
    else if (url && Object.values(paths).includes(url.pathname)) void service.requestHandler(request, response);
    else refuse(response, 404, 'The identity provider of the lab has nothing here.');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer.url = address;
  return {
    issuer: address,
    clientId,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A code stands for whoever was chosen when it was given, and is good once. */
function rememberWho(service: OAuth2Service, people: readonly Offered[]): void {
  const chosen = new Map<string, string>();
  service.on('beforeAuthorizeRedirect', ({ url }: { url: URL }, { url: asked = '' }: IncomingMessage) => {
    const who = whoIn(new URL(asked, url), people);
    const code = url.searchParams.get('code');
    if (who !== undefined && code !== null) chosen.set(code, who);
  });
  service.on('beforeTokenSigning', ({ payload }: { payload: Record<string, unknown> }, request: WithBody) => {
    const sub = chosen.get(request.body['code'] ?? '');
    if (sub === undefined || request.body['grant_type'] !== 'authorization_code')
      // By which the service knows what somebody has asked wrongly: 400.
      throw new AssertionError({ message: 'nobody was chosen for this code, or it was used before' });
    payload['sub'] = sub;
  });
  service.on('beforeResponse', (_response: unknown, { body }: WithBody) => void chosen.delete(body['code'] ?? ''));
}

type WithBody = IncomingMessage & { body: Record<string, string | undefined> };

/**
 * By whoever goes there with a browser, or by a program: neither names another page as where it comes from. A page that has a name of its own point
 * here names that as the host.
 */
function isAskedHere({ headers }: IncomingMessage, address: string): boolean {
  const { origin, host } = headers;
  return host === new URL(address).host && (origin === undefined || origin === address);
}

/** The service lets every page read what it answers: here anybody's page could be anybody. */
function keptFromPages(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...all: unknown[]) => ServerResponse;
  response.writeHead = (...all: unknown[]) => {
    for (const name of response.getHeaderNames()) if (name.startsWith('access-control-')) response.removeHeader(name);
    return writeHead(...all);
  };
}

interface Asked {
  url: URL;
  issuer: string;
  people: readonly Offered[];
  request: IncomingMessage;
  response: ServerResponse;
  answer: (request: IncomingMessage, response: ServerResponse) => unknown;
}

/** Asks who somebody is, and goes on once they have said it. */
function authorize({ url, issuer, people, request, response, answer }: Asked): void {
  const { searchParams: asked } = url;
  if (
    asked.get('client_id') !== clientId ||
    !isElsewhereHere(asked.get('redirect_uri'), issuer) ||
    !asked.get('code_challenge')
  )
    return refuse(response, 400, 'This is not how Slipway asks to log somebody in: begin again at its pages.');
  if (whoIn(url, people) !== undefined) return void answer(request, response);
  response.writeHead(200, whoPageHeaders);
  response.end(whoPage(asked, people));
}

function whoIn({ searchParams }: URL, people: readonly Offered[]): string | undefined {
  const as = searchParams.getAll('as');
  return as.length === 1 ? people.find(({ name }) => name === as[0])?.name : undefined;
}

/** A code goes to nobody but programs of this machine, and not to this one: nobody here takes it. */
function isElsewhereHere(text: string | null, issuer: string): boolean {
  const url = URL.parse(text ?? '');
  return url?.protocol === 'http:' && url.hostname === '127.0.0.1' && url.origin !== issuer;
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${why}\n`);
}

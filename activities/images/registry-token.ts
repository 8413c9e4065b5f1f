import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { basicCredentials, type Login } from '../shared/logins.ts';
import { isInside } from '../../domain/addresses.ts';
import { isLoopback } from '../shared/loopback.ts';
import { redact } from '../shared/redact.ts';
import type { ImageName } from './reference.ts';
import { asWhom, baseUrl, reach, readBody, refusal, refusalText } from './registry-http.ts';

const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });
const maxTokenBytes = 1_000_000;

/** The `Authorization` that a registry asks for by its challenge: the login itself, or a token for it. Throws SLIP-IMG-2, -5 or -8. */
export async function authorize(
  image: ImageName,
  challenge: string,
  actions: string,
  login: Login | undefined,
): Promise<string> {
  if (/^basic\b/i.test(challenge)) {
    if (!login) throw failure('SLIP-IMG-5', `${image.host} wants a login, and none is configured for it`);
    return `Basic ${basicCredentials(login)}`;
  }
  const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = safeRealm(field('realm') ?? '', image.host);
  if (!/^bearer\b/i.test(challenge) || !realm) {
    throw failure('SLIP-IMG-5', `${image.host} wants a login in a form that is not known`);
  }
  realm.searchParams.set('service', field('service') ?? image.host);
  realm.searchParams.set('scope', `repository:${image.repository}:${actions}`);
  return `Bearer ${await fetchToken(image, realm, login)}`;
}

/**
 * Where a registry says that tokens are to be had, if the engine may go there: only where nobody can listen, and to addresses inside
 * (this machine, private networks, a cloud's metadata) only from a registry on this machine or at that very address.
 */
export function safeRealm(text: string, registryHost: string): URL | undefined {
  const realm = URL.parse(text);
  if (!realm || realm.username !== '' || realm.password !== '') return undefined;
  if (realm.protocol !== 'https:' && !(realm.protocol === 'http:' && isLoopback(realm.host))) return undefined;
  const known = isLoopback(registryHost) || URL.parse(baseUrl(registryHost))?.host === realm.host;
  return known || !isInside(realm.hostname) ? realm : undefined;
}

async function fetchToken(image: ImageName, realm: URL, login: Login | undefined): Promise<string> {
  const headers = login ? { authorization: `Basic ${basicCredentials(login)}` } : {};
  const answer = await reach(realm.host, realm.href, { headers });
  if (!answer.ok) throw await refuseToken(image, realm, answer, login);
  const body = Buffer.from(await readBody(answer, maxTokenBytes)).toString('utf8');
  const { token, access_token: accessToken } = parseToken(body);
  const given = token ?? accessToken;
  if (!given) throw failure('SLIP-IMG-5', `${realm.host} answered no token`);
  return given;
}

/** Nothing where the answer is of another form. */
export function parseToken(body: string): z.infer<typeof tokenAnswer> {
  try {
    return tokenAnswer.parse(JSON.parse(body));
  } catch {
    return {};
  }
}

/** Repeats one word of the answer at most, such as `DENIED`: the registry chose whose answer it is. */
async function refuseToken(image: ImageName, realm: URL, answer: Response, login: Login | undefined) {
  const text = redact(await refusalText(answer));
  const word = /"(?:code|error)"\s*:\s*"([A-Za-z_]{2,40})"/.exec(text)?.[1];
  const detail = `${realm.host}, which gives tokens for ${image.host}, answered ${answer.status} for ${image.repository}${asWhom(login)}`;
  return refusal(answer.status, word === undefined ? detail : `${detail}: ${word}`);
}

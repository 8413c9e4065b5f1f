import type { Response } from 'undici';
import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { basicCredentials, type Login } from '../shared/logins.ts';
import { isInside } from '../../domain/addresses.ts';
import { isLoopback } from '../shared/loopback.ts';
import { redact } from '../shared/redact.ts';
import type { ImageName } from './reference.ts';
import { asWhom, baseUrl, readBody, refusal, refusalText } from './registry-http.ts';
import type { NamedBy, Reach } from './registry-reach.ts';

const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });
/** Those of ECR and GitLab have some thousands. */
const maxTokenBytes = 64_000;

/** What a registry has answered, and who asks it. */
interface Challenged {
  challenge: string;
  actions: string;
  login: Login | undefined;
  namedBy: NamedBy;
}

/** The `Authorization` that a registry asks for by its challenge: the login itself, or a token for it. Throws SLIP-IMG-2, -5, -6 or -8. */
export async function authorize(
  image: ImageName,
  { challenge, actions, login, namedBy }: Challenged,
  reach: Reach,
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
  const headers = login ? { authorization: `Basic ${basicCredentials(login)}` } : {};
  const answer = await reach.ask(realm, await namerOfRealm(realm, namedBy, reach), { headers });
  return `Bearer ${await tokenOf(image, realm, login, answer)}`;
}

/** One that a stranger has named sends nobody inside, not even to where the policy leads. */
async function namerOfRealm(realm: URL, namedBy: NamedBy, reach: Reach): Promise<NamedBy> {
  if (namedBy === 'stranger') return 'stranger';
  return (await reach.namerOf(realm.host)) === 'policy' ? 'policy' : 'named-registry';
}

/**
 * Where a registry says that tokens are to be had, if the engine may go there: only where nobody can listen, and to addresses inside
 * (this machine, private networks, a cloud's metadata) only from a registry on this machine or at that very address. Goes by what is written:
 * where a name leads is judged when it is asked.
 */
export function safeRealm(text: string, registryHost: string): URL | undefined {
  const realm = URL.parse(text);
  if (!realm || realm.username !== '' || realm.password !== '') return undefined;
  if (realm.protocol !== 'https:' && !(realm.protocol === 'http:' && isLoopback(realm.host))) return undefined;
  const known = isLoopback(registryHost) || URL.parse(baseUrl(registryHost))?.host === realm.host;
  return known || !isInside(realm.hostname) ? realm : undefined;
}

async function tokenOf(image: ImageName, realm: URL, login: Login | undefined, answer: Response): Promise<string> {
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

import type { FastifyRequest } from 'fastify';

/** Of one gateway, as browsers know it. */
export interface Cookies {
  session: string;
  login: string;
  /** In the open only on this machine. */
  isSecure: boolean;
}

/** `__Host-`: no other host, and nobody on the way, can put one there. Where it is without TLS, on this machine alone, browsers take no such name. */
export function cookiesAt(origin: string): Cookies {
  const isSecure = origin.startsWith('https:');
  const prefix = isSecure ? '__Host-' : '';
  return { session: `${prefix}slipway`, login: `${prefix}slipway-login`, isSecure };
}

/** Undefined where there is none of that name, or more than one: which of them is meant nobody can tell. */
export function cookieIn({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  const begin = `${name}=`;
  const found = (headers.cookie ?? '').split(';').flatMap((one) => {
    const text = one.trim();
    return text.startsWith(begin) ? [text.slice(begin.length)] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** Lax: with it people come by a link from elsewhere, and from the identity provider; no other page can post with it. */
export function setCookie({ isSecure }: Cookies, name: string, value: string, seconds: number): string {
  const how = ['Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax', ...(isSecure ? ['Secure'] : [])];
  return [`${name}=${value}`, ...how].join('; ');
}

export const dropCookie = (cookies: Cookies, name: string): string => setCookie(cookies, name, '', 0);

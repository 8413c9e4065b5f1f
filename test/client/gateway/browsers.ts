import type { LightMyRequestResponse } from 'fastify';
import type { TestGateway } from './gateway.ts';

type Sent = { headers?: Record<string, string>; body?: object };

/** What a browser keeps, and sends along, wherever that gateway is. */
export interface TestBrowser {
  jar: Map<string, string>;
  ask(method: 'GET' | 'POST', url: string, sent?: Sent, at?: TestGateway): Promise<LightMyRequestResponse>;
  /** Goes to the identity provider, and answers with where that sends it back to: a path of the gateway. */
  begin(to?: string): Promise<string>;
  /** All of it. */
  logIn(to?: string): Promise<LightMyRequestResponse>;
  /** As its pages send what changes something. */
  post(url: string, body: object, at?: TestGateway): Promise<LightMyRequestResponse>;
  cookie(): string;
}

export const origin = 'https://slipway.test';
export const ofOwnPage = { origin, 'x-slipway-csrf': '1' };

export function aBrowser(gateway: TestGateway): TestBrowser {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const browser: TestBrowser = {
    jar,
    cookie,
    async ask(method, url, { headers, body } = {}, at = gateway) {
      const cookies = jar.size > 0 && { cookie: cookie() };
      const sent = { method, url, headers: { ...cookies, ...headers }, ...(body && { payload: body }) };
      const answer = await at.server.inject(sent);
      for (const set of [answer.headers['set-cookie'] ?? []].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
    post: (url, body, at) => browser.ask('POST', url, { headers: ofOwnPage, body }, at),
    async begin(to = '/') {
      const { headers } = await browser.ask('GET', `/auth/login?${new URLSearchParams({ to }).toString()}`);
      const back = await fetch(String(headers.location), { redirect: 'manual' });
      return String(back.headers.get('location')).replace(/^https?:\/\/[^/]+/, '');
    },
    logIn: async (to) => browser.ask('GET', await browser.begin(to)),
  };
  return browser;
}

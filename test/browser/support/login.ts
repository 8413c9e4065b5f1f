import { OAuth2Server } from 'oauth2-mock-server';
import { exportJWK, generateKeyPair } from 'jose';

/** An identity provider, a real server on this machine, which asks nobody for a password. */
export interface Login {
  issuer: string;
  /** Who logs in next, by the subject that the provider has for them. */
  as: string;
  stop(): Promise<void>;
}

export async function startLogin(): Promise<Login> {
  const server = new OAuth2Server();
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  await server.issuer.keys.add({ ...(await exportJWK(privateKey)), kid: 'pages', alg: 'RS256' });
  await server.start(0, '127.0.0.1');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.issuer.url = issuer;
  const login: Login = { issuer, as: 'lab-approver', stop: () => server.stop() };
  server.service.on('beforeTokenSigning', ({ payload }: { payload: object }) => {
    Object.assign(payload, { sub: login.as });
  });
  return login;
}

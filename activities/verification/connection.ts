import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { outwardSocket, withoutBrackets } from '../shared/outward.ts';
import type { Asking } from './asking.ts';

/** A new connection, for as long as `use` takes. Throws RefusedAddress where nobody may be asked. */
export async function onConnection<Seen>(
  port: number,
  { host, resolve }: Asking,
  stop: AbortSignal,
  use: (socket: Socket) => Promise<Seen>,
): Promise<Seen> {
  const socket = heard(outwardSocket(host, port, resolve));
  try {
    await once(socket, 'connect', { signal: stop });
    return await use(socket);
  } finally {
    socket.destroy();
  }
}

export interface Security {
  /** Whether a chain that is not trusted, or not for this name, ends it. */
  mustBeTrusted: boolean;
  protocols?: string[];
}

/** TLS on a connection, with the name of its host. */
export async function secured(
  socket: Socket,
  { host, authorities }: Asking,
  stop: AbortSignal,
  { mustBeTrusted, protocols }: Security,
): Promise<TLSSocket> {
  const name = withoutBrackets(host.hostname);
  const secure = heard(
    connect({
      socket,
      host: name,
      rejectUnauthorized: mustBeTrusted,
      ...(isIP(name) === 0 && { servername: name }), // RFC 6066: addresses are not sent
      ...(authorities && { ca: authorities }),
      ...(protocols && { ALPNProtocols: protocols }),
    }),
  );
  await once(secure, 'secureConnect', { signal: stop });
  return secure;
}

/** An error that comes when nobody waits for one would end the process. */
function heard<Some extends Socket>(socket: Some): Some {
  return socket.on('error', () => {});
}

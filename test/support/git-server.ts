import { execFile, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

export interface GitServer {
  /** `127.0.0.1:port`. */
  host: string;
  /** `Authorization` headers in the order in which they came; undefined for a request without one. */
  seen: (string | undefined)[];
  stop(): Promise<void>;
}

export interface GitServerOptions {
  /** Everything below it is served, by git's own `http-backend`. */
  directory: string;
  /** Whoever does not show it is refused; without it nobody is. */
  login?: { username: string; password: string } | undefined;
  /** Sends every request on to this server instead. */
  redirectTo?: string;
  /** Refuses everybody, with what they showed in the answer: servers like that exist. */
  repeatsLogin?: boolean;
}

const run = promisify(execFile);

/** A real git server by smart HTTP on loopback, for one test. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const backend = `${(await run('git', ['--exec-path'])).stdout.trim()}/git-http-backend`;
  const seen: GitServer['seen'] = [];
  const { username, password } = options.login ?? {};
  const wanted = options.login && `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const shown = request.headers.authorization;
    seen.push(shown);
    if (options.redirectTo) {
      response.writeHead(301, { location: `http://${options.redirectTo}${request.url}` }).end();
    } else if (options.repeatsLogin) {
      const pair = Buffer.from(shown?.split(' ')[1] ?? '', 'base64').toString('utf8');
      response.writeHead(403, { 'content-type': 'text/plain' }).end(`no: ${shown} is ${pair}\n`);
    } else if (wanted !== undefined && shown !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    } else {
      answerByGit(backend, options.directory, request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** One request by CGI (RFC 3875), as web servers run http-backend. */
function answerByGit(backend: string, directory: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string) => String(request.headers[name] ?? '');
  const env = {
    PATH: process.env['PATH'],
    GIT_PROJECT_ROOT: directory,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_COUNT: '1', // the directory may belong to somebody else than the test
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    REQUEST_METHOD: request.method,
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
  };
  const child = spawn(backend, [], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {}); // it may end before it has read everything
  request.pipe(child.stdin);
  void child.stdout.toArray().then((chunks: Buffer[]) => writeCgi(Buffer.concat(chunks), response));
}

function writeCgi(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf('\r\n\r\n');
  for (const line of output.subarray(0, Math.max(end, 0)).toString('utf8').split('\r\n')) {
    const [name = '', value = ''] = line.split(/: (.*)/s);
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
    else if (name !== '') response.setHeader(name, value);
  }
  response.end(output.subarray(end + 4));
}

import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolveSecret } from '../activities/shared/secrets.ts';
import { runCommand } from '../activities/shared/run-command.ts';
import { Failure } from '../domain/errors/failure.ts';
import type { StartProblem } from '../domain/start-up.ts';
import { hostAndPort } from '../temporal.config.ts';
import { recordsUrlOf } from './compose-records.ts';
import { readPublicKeys } from './public-keys.ts';
import { problemOf } from './start-checks.ts';
import type { StartCheck } from './start-checks.ts';

/** The key and the files by which Temporal is reached. */
const temporalAccess: StartCheck = async ({ set }) => {
  const { SLIPWAY_TEMPORAL_API_KEY: apiKey } = set;
  const files = ['SLIPWAY_TEMPORAL_TLS_CA', 'SLIPWAY_TEMPORAL_TLS_CERT', 'SLIPWAY_TEMPORAL_TLS_KEY'] as const;
  const found = await Promise.all([
    ...(apiKey ? [problemOf(() => resolveSecret(apiKey), 'Set what SLIPWAY_TEMPORAL_API_KEY refers to.')] : []),
    ...files.map((variable) => unreadable(variable, set[variable])),
  ]);
  return found.flat();
};

/** Without the address itself, which has a password in it. */
const recordsAddress: StartCheck = async ({ set: { SLIPWAY_RECORDS_URL: recordsUrl } }) =>
  recordsUrl === undefined
    ? []
    : problemOf(async () => {
        const url = URL.parse(await recordsUrlOf({ recordsUrl }));
        if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
          throw new Error('SLIPWAY_RECORDS_URL is no address of a PostgreSQL database');
      }, 'Give SLIPWAY_RECORDS_URL as postgres://USER:PASSWORD@HOST/DATABASE, with signs such as # or / in the password as %23 or %2F, or as a reference to that.');

const policyFile: StartCheck = async ({ policy, set }) => {
  try {
    await policy();
    return [];
  } catch (error) {
    const detail = error instanceof Failure ? error.details.detail : String(error);
    const next = `Correct the file; \`slipway validate --policy-only ${set.SLIPWAY_POLICY_FILE}\` tells every problem.`;
    return [
      { says: `SLIPWAY_POLICY_FILE: the policy is not valid, and this machine keeps no earlier one\n${detail}`, next },
    ];
  }
};

const publicKeys: StartCheck = async ({ set: { SLIPWAY_PUBLIC_KEYS: directory } }) =>
  directory === undefined
    ? []
    : problemOf(
        () => readPublicKeys(directory),
        "Put the gateway's public keys, and no other file ending in .pem, into the directory that SLIPWAY_PUBLIC_KEYS names.",
      );

/** What `slipway setup` begins with. */
export const setUpChecks: StartCheck[] = [temporalAccess, recordsAddress];

/** Of whoever reads repositories. */
export const git: StartCheck = async () => {
  const { exitCode } = await runCommand({ program: 'git', args: ['--version'], timeoutMs: 20_000 });
  if (exitCode === 0) return [];
  return [{ says: 'git does not start here', next: 'Install git where this process finds it on its PATH.' }];
};

type Listening = 'SLIPWAY_GATEWAY_LISTEN' | 'SLIPWAY_HEALTH' | 'SLIPWAY_METRICS';

/** Listens there for a moment, as the process will. */
export function canListen(variable: Listening): StartCheck {
  return async ({ set }) => {
    const address = set[variable];
    if (address === undefined) return [];
    const { host, port } = hostAndPort(address);
    const server = createServer();
    try {
      await once(server.listen(port, host), 'listening');
      return [];
    } catch (error) {
      return [cannotListen(`${variable}: ${address}`, error as NodeJS.ErrnoException)];
    } finally {
      server.close();
    }
  };
}

/** What every process that works begins with. */
export const everyProcess: StartCheck[] = [
  ...[temporalAccess, recordsAddress, policyFile, publicKeys],
  // Of a process that is gateway and workers at once looked at once.
  canListen('SLIPWAY_METRICS'),
];

function cannotListen(where: string, { code, message }: NodeJS.ErrnoException): StartProblem {
  if (code === 'EADDRINUSE') {
    const next = 'End that process, or name another port; `ss -ltnp` shows who listens where.';
    return { says: `${where} is already in use by another process (${code})`, next };
  }
  const next = 'Name an address of this machine, and a port that this user may listen on (from 1024).';
  return { says: `${where} cannot be listened on (${code ?? message})`, next };
}

/** Empty where nothing is named. */
export async function unreadable(variable: string, path: string | undefined): Promise<StartProblem[]> {
  if (!path) return [];
  const reason = await access(path, constants.R_OK).then(
    () => undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'error',
  );
  if (reason === undefined) return [];
  const next = 'Name one that this process may read.';
  return [{ says: `${variable}: ${path} cannot be read (${reason})`, next }];
}

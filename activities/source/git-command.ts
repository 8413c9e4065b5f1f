import { failure } from '../../domain/errors/catalogue.ts';
import { describeResult, runCommand, type CommandResult } from '../shared/run-command.ts';
import { basicCredentials, resolveLogin, type Login, type LoginReferences } from '../shared/logins.ts';
import { isLoopback } from '../shared/loopback.ts';
import { SecretNotResolved } from '../shared/secrets.ts';
import { ranOutOfMemory, type GitBound } from './git-memory.ts';

export interface GitSettings {
  allowedProtocols: readonly string[];
  /** Who the worker is at a git server. Shown by https alone, and by http on this machine. */
  logins: LoginReferences;
  /** On the memory of each process. */
  bound: () => Promise<GitBound>;
}

export interface GitCall {
  args: readonly string[];
  env?: Record<string, string>;
  input?: string;
  timeoutMs?: number;
  maxOutputBytes?: number;
  /** Ends the call. */
  signal?: AbortSignal;
}

export interface Git {
  /** Answers how git ended, whatever the exit code. */
  attempt(call: GitCall): Promise<CommandResult>;
  /** The whole output of a call that only reads the mirror; throws SLIP-SRC-9 when git fails, because then the mirror or the disk is at fault, and SLIP-SRC-6 when there is too much to read. */
  output(call: GitCall): Promise<Buffer>;
  /**
   * A call that goes to the repository's server, with the login for that host. It is in the environment of this one call: never in the
   * arguments, where other users of the machine would see it, nor on disk. Throws SLIP-SRC-8 when its password cannot be resolved.
   */
  overNetwork(repository: string, call: GitCall): Promise<NetworkResult>;
}

export interface NetworkResult extends CommandResult {
  /** `the login bot of github.com` or `no login for github.com`; for people who must find out why they were refused. */
  introducedBy?: string;
}

const localTimeoutMs = 120_000;

const harmless = [
  ...['badDate', 'badDateOverflow', 'badEmail', 'badName', 'badTimezone', 'missingEmail', 'missingNameBeforeEmail'],
  ...['missingSpaceBeforeDate', 'missingSpaceBeforeEmail', 'multipleAuthors', 'zeroPaddedDate', 'zeroPaddedFilemode'],
  ...['badFilemode', 'missingTaggerEntry', 'badTagName'],
];

/**
 * Nothing that a repository holds may run here: no hooks, no file system monitor, no remote helpers, no configuration of the machine or the user.
 * The mirror is shared by workers on one machine, so git waits for its own lock files instead of failing at once.
 */
const safeSettings = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.protectNTFS', 'true'],
  ['core.protectHFS', 'true'],
  ['core.autocrlf', 'false'],
  ['core.filesRefLockTimeout', '20000'],
  ['core.packedRefsTimeout', '20000'],
  ['protocol.ext.allow', 'never'],
  ['gc.autoDetach', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
  ['advice.detachedHead', 'false'],
  // What is fetched is looked through: objects that lie about themselves, `.git` and `..` as names. Old tools have written dates, names and
  // modes in forms that harm nobody, into histories that nobody can change.
  ['fetch.fsckObjects', 'true'],
  ...harmless.map((what) => [`fetch.fsck.${what}`, 'ignore'] as const),
] as const;

export function createGit(gitDirectory: string, settings: GitSettings): Git {
  const attempt = async (call: GitCall) => {
    const bound = await settings.bound();
    const [program = '', ...before] = [...('prefix' in bound ? bound.prefix : []), 'git'];
    return runCommand({
      program,
      args: [
        ...before,
        `--git-dir=${gitDirectory}`,
        '--literal-pathspecs',
        ...safeSettings.flatMap(([key, value]) => ['-c', `${key}=${value}`]),
        ...call.args,
      ],
      env: { ...gitEnvironment(settings), ...call.env },
      timeoutMs: call.timeoutMs ?? localTimeoutMs,
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.maxOutputBytes === undefined ? {} : { maxOutputBytes: call.maxOutputBytes, endWhenTruncated: true }),
      ...(call.signal === undefined ? {} : { progress: { report: () => {}, signal: call.signal } }),
    });
  };
  return {
    attempt,
    async output(call) {
      const result = await attempt(call);
      if (result.truncated)
        throw failure('SLIP-SRC-6', `the answer to git ${call.args[0]} is larger than ${call.maxOutputBytes} bytes`);
      if (ranOutOfMemory(result)) throw failure('SLIP-SRC-6', describeResult(`git ${call.args[0]}`, result));
      if (result.exitCode !== 0) throw failure('SLIP-SRC-9', describeResult('git', result));
      return result.stdout;
    },
    async overNetwork(repository, call) {
      const server = serverOf(repository);
      if (!server) return attempt(call);
      const login = await loginAt(server.host, settings.logins);
      const result = await attempt({ ...call, env: { ...call.env, ...(login && loginEnvironment(server, login)) } });
      const introducedBy = login ? `the login ${login.username} of ${server.host}` : `no login for ${server.host}`;
      return { ...result, introducedBy };
    },
  };
}

function gitEnvironment(settings: GitSettings): Record<string, string> {
  return {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: settings.allowedProtocols.join(':'),
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  };
}

/** Undefined where no login may be shown: by ssh the account's key counts, and by plain http others can listen. */
function serverOf(repository: string): URL | undefined {
  const url = URL.parse(repository);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.host));
  return url && safe ? url : undefined;
}

/**
 * Scoped to the host, but git sends such a header on to wherever that host redirects (seen with 2.39: all requests after the first).
 * So that no other server sees the login, redirects are not followed.
 */
function loginEnvironment(server: URL, login: Login): Record<string, string> {
  const scope = `http.${server.protocol}//${server.host}/`;
  return {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: `${scope}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basicCredentials(login)}`,
    GIT_CONFIG_KEY_1: `${scope}.followRedirects`,
    GIT_CONFIG_VALUE_1: 'false',
  };
}

async function loginAt(host: string, logins: LoginReferences): Promise<Login | undefined> {
  try {
    return await resolveLogin(logins, host);
  } catch (error) {
    if (error instanceof SecretNotResolved) throw failure('SLIP-SRC-8', `${host}: ${error.message}`);
    throw error;
  }
}

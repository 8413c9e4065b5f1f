import { failure } from '../../domain/errors/catalogue.ts';
import { describeResult, runCommand, type CommandResult } from '../shared/run-command.ts';
import { resolveSecret, SecretNotResolved, type SecretReference } from '../shared/secrets.ts';

/** Who the worker is at a git server, by URL prefix (`https://github.com/shop/`). */
export interface GitCredential {
  urlPrefix: string;
  username: string;
  password: SecretReference;
}

export interface GitSettings {
  allowedProtocols: readonly string[];
  credentials: readonly GitCredential[];
}

export interface GitCall {
  args: readonly string[];
  env?: Record<string, string>;
  input?: string;
  timeoutMs?: number;
  maxOutputBytes?: number;
}

export interface Git {
  /** Answers how git ended, whatever the exit code. */
  attempt(call: GitCall): Promise<CommandResult>;
  /** The whole output of a call that only reads the mirror; throws SLIP-SRC-9 when git fails, because then the mirror or the disk is at fault. */
  output(call: GitCall): Promise<Buffer>;
  /** The same call with the server's credentials in the environment, never in the arguments, where other users of the machine would see them. */
  overNetwork(call: GitCall): Promise<CommandResult>;
}

const localTimeoutMs = 120_000;

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
] as const;

export function createGit(gitDirectory: string, settings: GitSettings): Git {
  const attempt = (call: GitCall) =>
    runCommand({
      program: 'git',
      args: [
        `--git-dir=${gitDirectory}`,
        '--literal-pathspecs',
        ...safeSettings.flatMap(([key, value]) => ['-c', `${key}=${value}`]),
        ...call.args,
      ],
      env: { ...gitEnvironment(settings), ...call.env },
      timeoutMs: call.timeoutMs ?? localTimeoutMs,
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.maxOutputBytes === undefined ? {} : { maxOutputBytes: call.maxOutputBytes }),
    });
  return {
    attempt,
    async output(call) {
      const result = await attempt(call);
      if (result.exitCode !== 0) throw failure('SLIP-SRC-9', describeResult('git', result));
      if (result.truncated)
        throw failure('SLIP-SRC-6', `the answer to git ${call.args[0]} is larger than ${call.maxOutputBytes} bytes`);
      return result.stdout;
    },
    overNetwork: async (call) => attempt({ ...call, env: { ...call.env, ...(await credentialEnvironment(settings)) } }),
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

async function credentialEnvironment(settings: GitSettings): Promise<Record<string, string>> {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.credentials.length) };
  for (const [n, credential] of settings.credentials.entries()) {
    const pair = Buffer.from(`${credential.username}:${await passwordOf(credential)}`).toString('base64');
    env[`GIT_CONFIG_KEY_${n}`] = `http.${credential.urlPrefix}.extraHeader`;
    env[`GIT_CONFIG_VALUE_${n}`] = `Authorization: Basic ${pair}`;
  }
  return env;
}

async function passwordOf(credential: GitCredential): Promise<string> {
  try {
    return await resolveSecret(credential.password);
  } catch (error) {
    if (error instanceof SecretNotResolved) throw failure('SLIP-SRC-8', error.message);
    throw error;
  }
}

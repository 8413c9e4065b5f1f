import { readBuiltManifest } from '../../../activities/images/built-layout.ts';
import { parseReference } from '../../../activities/images/reference.ts';
import { pushFailure } from '../../../activities/images/push-failure.ts';
import { buildFailure } from '../../../activities/shared/build-failure.ts';
import { digestsOf } from '../../../activities/images/registry-digests.ts';
import { imagesIn } from '../../../activities/images/registry-platforms.ts';
import { apiWords } from '../../../activities/shared/cluster-errors.ts';
import { createRedactor } from '../../../activities/shared/known-secrets.ts';
import { privateKeyFilter } from '../../../activities/shared/private-keys.ts';
import { parseToken } from '../../../activities/images/registry-token.ts';
import { redact, redactedHead, redactedTail } from '../../../activities/shared/redact.ts';
import { requireBranch, requirePath, requireRepository } from '../../../activities/source/requests.ts';
import { readComposeYaml, readResolvedYaml } from '../../../activities/tests/compose-yaml.ts';
import { onlyFileOf } from '../../../activities/tests/tar-file.ts';
import { readJunit } from '../../../activities/shared/junit.ts';
import { judgeGraphql } from '../../../activities/verification/judge-graphql.ts';
import { judgeHttp } from '../../../activities/verification/judge-http.ts';
import { table } from '../../../client/cli/layout.ts';
import { oneLine, safeJson } from '../../../client/cli/safe-text.ts';
import { eventsIn, nothingUnread } from '../../../client/cli/server-sent-events.ts';
import { readLogin } from '../../../client/gateway/browser/begun-login.ts';
import { cookieIn } from '../../../client/gateway/browser/cookies.ts';
import { ownPath } from '../../../client/gateway/browser/return-path.ts';
import { readInputs } from '../../../client/github-action/inputs.ts';
import { summaryOf } from '../../../client/github-action/summary.ts';
import { plainLine } from '../../../client/github-action/workflow-commands.ts';
import { questionLimits } from '../../../client/gateway/question-limits.ts';
import { readBody } from '../../../client/slack/body.ts';
import { readPointer } from '../../../client/slack/pointer.ts';
import { readRejection } from '../../../client/slack/reject-modal.ts';
import { heartbeatWords } from '../../../client/heartbeat-words.ts';
import { ignoring } from '../../../domain/docker-ignore.ts';
import { baseImages } from '../../../domain/dockerfile.ts';
import { readExactly } from '../../../domain/exact-dockerfile.ts';
import { codeOfPull } from '../../../domain/image-pull.ts';
import { tellingLines } from '../../../domain/log-lines.ts';
import { blameOfBeginning } from '../../../domain/job-beginning.ts';
import { isWorldsFault } from '../../../domain/migration-blame.ts';
import { readMigrationPlan } from '../../../domain/migration-plan.ts';
import { loadPipeline, loadPolicy, pipelineBound } from '../../../pipeline/index.ts';

export interface Reader {
  what: string;
  file: string[];
  read: (text: string) => unknown;
  /** The longest text that gets this far. */
  most?: number;
}

const ended = (tail: string) => ({ exitCode: 1, timedOut: false, stdout: Buffer.from(''), truncated: false, tail });
const fileBytes = pipelineBound.maxBytes;
const redactor = createRedactor();
for (let n = 0; n < 100; n += 1) redactor.know(`known-${n}-${'aA1 -_./:@=[{"'.slice(n % 13)}-value`);
const paths = Array.from({ length: 100 }, (_, n) => `${'a/'.repeat(n % 20)}${'aA1-_.:@'.repeat(20)}`);

/** Each text from outside that the product looks into, by what looks. */
export const readers: Reader[] = [
  {
    what: 'the inputs of a step',
    file: ['client/github-action/inputs.ts'],
    read: (text) => readInputs({ INPUT_IMAGES: text, INPUT_GATEWAY: text, GITHUB_REF: text }),
    // Of an environment variable, by Linux.
    most: 128 * 1_024,
  },
  { what: 'a line of a job', file: ['client/github-action/workflow-commands.ts'], read: plainLine },
  {
    what: 'what stands on the page of a run',
    file: ['client/github-action/summary.ts'],
    read: (text) => summaryOf({ releaseId: text, url: text, failure: { message: text, next: text } }),
  },
  {
    what: 'what a browser has kept of a login',
    file: ['client/gateway/browser/begun-login.ts'],
    read: (text) => readLogin(text, { verifier: { verifyLogin: () => true }, now: 0 }),
    // Of all headers together.
    most: questionLimits.headerBytes,
  },
  {
    what: 'the cookies of a browser',
    file: ['client/gateway/browser/cookies.ts'],
    read: (text) => cookieIn({ headers: { cookie: text } }, 'slipway'),
    most: questionLimits.headerBytes,
  },
  {
    what: 'where a browser wants to go',
    file: ['client/gateway/browser/return-path.ts'],
    read: (text) => ownPath(`/${text}`, 'https://slipway.test'),
    most: questionLimits.headerBytes,
  },
  {
    what: 'what Slack sends',
    file: ['client/slack/body.ts'],
    read: (text) => readBody(text, 'application/json') ?? readBody(text, 'application/x-www-form-urlencoded'),
    most: 256 * 1_024,
  },
  { what: 'the value of a button', file: ['client/slack/pointer.ts'], read: readPointer, most: 2_000 },
  {
    what: 'what a modal carries',
    file: ['client/slack/reject-modal.ts'],
    read: (text) => readRejection({ user: { id: 'U1' }, view: { private_metadata: text, state: { values: {} } } }),
    most: 3_000,
  },
  { what: 'slipway.yaml', file: ['pipeline/document.ts'], read: (text) => loadPipeline(text, 'f'), most: fileBytes },
  { what: 'slipway.yaml that is too large', file: ['pipeline/load.ts'], read: (text) => loadPipeline(text, 'f') },
  {
    what: 'a policy',
    file: ['pipeline/load.ts'],
    read: (text) => loadPolicy(text.slice(0, fileBytes), 'f'),
    most: 2 * fileBytes,
  },
  {
    what: 'a compose file',
    file: ['activities/tests/compose-yaml.ts'],
    read: (text) => readComposeYaml(Buffer.from(text)),
    most: fileBytes,
  },
  {
    what: 'a compose file that is too large',
    file: ['activities/tests/compose-yaml.ts'],
    read: (text) => readComposeYaml(Buffer.from(text)),
  },
  {
    what: 'what Compose makes of a compose file',
    file: ['activities/tests/compose-yaml.ts'],
    read: (text) => {
      const read = readResolvedYaml(Buffer.from(text));
      return 'document' in read && read.document.toString({ lineWidth: 0 });
    },
    most: fileBytes,
  },
  {
    what: 'the archive of a test report',
    file: ['activities/tests/tar-file.ts'],
    read: (text) => onlyFileOf(Buffer.from(text)),
  },
  { what: 'a test report', file: ['activities/shared/junit.ts'], read: readJunit },
  {
    what: 'the manifest of a built image',
    file: ['activities/images/built-layout.ts'],
    read: (text) => {
      try {
        return readBuiltManifest(text);
      } catch (error) {
        return String(error);
      }
    },
  },
  { what: 'a Dockerfile', file: ['domain/dockerfile.ts'], read: (text) => baseImages(text, {}), most: fileBytes },
  ...['FROM ', 'FROM ${', 'ARG a=', 'RUN ', 'COPY '].map((instruction) => ({
    what: `a Dockerfile with a long ${instruction}`,
    file: ['domain/dockerfile.ts'],
    read: (text: string) => baseImages(`${instruction}${text}\nFROM $a`, {}),
    most: fileBytes,
  })),
  ...['', 'FROM ', 'ARG a=', 'FROM scratch\nRUN --mount=', 'FROM scratch\nRUN \\\n', 'FROM scratch\nCOPY --from='].map(
    (instruction) => ({
      what: `a Dockerfile of tests with a long ${JSON.stringify(instruction)}`,
      file: ['domain/exact-dockerfile.ts'],
      read: (text: string) => {
        const read = readExactly(`${instruction}${text}\nFROM $a`, {});
        return 'written' in read && read.written((image) => image);
      },
      most: fileBytes,
    }),
  ),
  {
    what: 'a .dockerignore',
    file: ['domain/docker-ignore.ts'],
    read: (text) => paths.map(ignoring(text)),
    most: fileBytes,
  },
  {
    what: 'a plan of migrations',
    file: ['domain/migration-plan.ts'],
    read: (text) => readMigrationPlan(`Planned operations:\n${text}`),
  },
  {
    what: 'an operation of a migration',
    file: ['domain/migration-plan.ts'],
    read: (text) => readMigrationPlan(`Planned operations:\na.b\n    Create index a on ${text}`),
  },
  { what: 'a JSON plan', file: ['domain/migration-plan.ts'], read: (text) => readMigrationPlan(`{"pending":[${text}`) },
  { what: 'the log of a container', file: ['domain/log-lines.ts'], read: (text) => tellingLines(`{"msg":${text}`, 50) },
  { what: 'why an image cannot be pulled', file: ['domain/image-pull.ts'], read: (text) => codeOfPull(text, false) },
  { what: 'why a migration did not begin', file: ['domain/job-beginning.ts'], read: blameOfBeginning },
  {
    what: 'why a migration failed',
    file: ['domain/migration-blame.ts', 'domain/nodes-fault.ts'],
    read: (text) => isWorldsFault({ reason: text, log: text }),
  },
  {
    what: 'the name of an image',
    file: ['activities/images/reference.ts'],
    read: (text) => parseReference(`${text}/${text}:a`),
  },
  {
    what: 'what a push says',
    file: ['activities/images/push-failure.ts'],
    read: (text) => pushFailure('docker', ended(text)),
  },
  {
    what: 'what a build says',
    file: ['activities/shared/build-failure.ts'],
    read: (text) => buildFailure('docker', ended(text)),
  },
  {
    what: 'a manifest',
    file: ['activities/images/registry-digests.ts'],
    read: (text) => void digestsOf(async () => Buffer.from(text), { host: 'h', repository: 'r', reference: 't' }),
  },
  {
    what: 'a manifest of platforms',
    file: ['activities/images/registry-platforms.ts'],
    read: (text) =>
      void imagesIn(async () => Buffer.from(text), { host: 'h', repository: 'r', reference: 't' }).catch(() => {}),
  },
  { what: 'a token', file: ['activities/images/registry-token.ts'], read: parseToken },
  {
    what: 'an answer to HTTP, as JSON',
    file: ['activities/verification/judge-http.ts', 'activities/verification/parsed-json.ts'],
    read: (text) =>
      judgeHttp(
        { kind: 'http', name: 'n', url: 'http://u', status: 200, json: { a: 1 }, successes: 1, timeoutMs: 1 },
        { status: 200, headers: new Headers(), body: text, cut: false, isInside: false },
      ),
  },
  {
    what: 'an answer to GraphQL',
    file: ['activities/verification/judge-graphql.ts'],
    read: (text) =>
      judgeGraphql(
        { kind: 'graphql', name: 'n', url: 'http://u', query: 'q', expect: {}, successes: 1, timeoutMs: 1 },
        { status: 200, headers: new Headers(), body: text, cut: false, isInside: false },
      ),
  },
  {
    what: 'an answer of an API server',
    file: ['activities/shared/cluster-errors.ts'],
    read: (text) => apiWords({ code: 500, body: text, headers: {} } as never),
  },
  { what: 'whatever is redacted', file: ['activities/shared/redact.ts'], read: redact },
  {
    what: 'the end of what is redacted',
    file: ['activities/shared/redact.ts'],
    read: (text) => redactedTail(text, 8_192),
  },
  {
    what: 'the beginning of what is redacted',
    file: ['activities/shared/redact.ts'],
    read: (text) => redactedHead(text, 8_192),
  },
  {
    what: 'what may hold a known secret',
    file: ['activities/shared/known-secrets.ts'],
    read: (text) => redactor.takeOut(text),
  },
  {
    what: 'what may hold a private key',
    file: ['activities/shared/private-keys.ts'],
    read: (text) => text.split('\n').map(privateKeyFilter()),
  },
  { what: 'a repository', file: ['activities/source/requests.ts'], read: (text) => requireRepository(text, ['https']) },
  { what: 'a branch', file: ['activities/source/requests.ts'], read: requireBranch },
  { what: 'a path', file: ['activities/source/requests.ts'], read: requirePath },
  {
    what: 'the last words of a step',
    file: ['client/heartbeat-words.ts'],
    read: (text) => heartbeatWords(Buffer.from(text)),
  },
  { what: 'what is shown at a terminal', file: ['client/cli/safe-text.ts'], read: (text) => table([[oneLine(text)]]) },
  { what: 'an answer of a gateway', file: ['client/cli/gateway-http.ts'], read: (text) => safeJson(JSON.parse(text)) },
  {
    what: 'events of a gateway',
    file: ['client/cli/server-sent-events.ts'],
    read: (text) => eventsIn(text, nothingUnread, 1_000_000),
  },
];

/** What parses, but nothing of strangers; with what it reads. */
export const notStrangers: Record<string, string> = {
  'client/cli/json-documents.ts': 'a document of the command itself, which was made JSON in the same line',
  'activities/shared/cluster-history.ts': "the API server's own lines of a watch that takes a second",
  'activities/box/control.ts': 'what the keeper of a box says, a program of the engine outside of what runs in it',
  'activities/box/keeper.ts': 'the order of the worker that has started it',
  'activities/shared/stored-json.ts': 'what the database has taken as JSON, of rows that have a size',
  'activities/shared/log.ts': 'a line that the log has written itself in the same moment, with a bound on each text',
  'client/dashboard/gateway/follow.ts': 'what the gateway sends to a page of its own, in the browser of whoever looks',
  'client/cli/own-settings.ts': 'what the person at this machine has kept there by `slipway use`',
  'domain/audit-statements.ts': 'a file that the operator names on the command line',
  'activities/images/image-directory.ts': 'a file that a builder of the engine has just written, of a fixed form',
  'activities/notify/github-api.ts': 'what the API of GitHub answers, at most 8 MB',
  'activities/notify/github-notifier.ts': 'the payload of a deployment, in such an answer',
  'activities/shared/managed-fields.ts': 'a key of managedFields, which the API server writes',
  'activities/scan/scan-report.ts': 'the report of a scanner, in a thread of its own: strangers-reports.test.ts',
  'activities/tests/compose-tests.ts': 'what `docker inspect` says of one container, at most 1 MB',
  'activities/tests/container-files.ts': 'what `docker inspect` says of the mounts of containers, at most 1 MB',
  'client/own-package.ts': 'its own package.json',
  'client/cli/login/kept.ts': 'what `slipway login` has kept at this machine',
  'client/gateway/provider.ts': 'what the identity provider that the operator has named says of itself',
  'client/gateway/tokens.ts': 'the operator’s file of tokens',
  'domain/audit-chain.ts': 'what the engine itself has just written',
  'workers/policy-copy.ts': 'its own copy of the operator’s policy',
};

import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { EndedBefore, StartRelease, StartedRelease } from '../../../domain/contract/gateway.ts';
import { isPinnedImage } from '../../../domain/images.ts';
import { meaningOf } from '../../../domain/outcomes.ts';
import { runs, type Cli } from '../cli.ts';
import { checkoutWarnings } from '../checkout-warnings.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { amended, CliFailure, isInterrupted, mayHaveArrived, refusedFailure, usageFailure } from '../failures.ts';
import { followUp, timeoutOf, withFollowing, type FollowUpOptions } from '../follow-up.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { currentBranch, resolveCommit } from '../git.ts';
import { laneMeant } from '../lane-meant.ts';
import { oneLine } from '../safe-text.ts';
import { dateAndTime } from '../words.ts';

interface DeployOptions extends GatewayOptions, FollowUpOptions {
  service?: string;
  commit: string;
  branch?: string;
  environment?: string;
  image: string[];
  downgrade?: boolean;
  newAttempt?: boolean;
  requestKey?: string;
  detach?: boolean;
}

const examples = `
Examples:
  slipway deploy                                                 the service of slipway.yaml here, and the commit and branch that are checked out
  slipway deploy --service shop --branch main --commit 4f0c…     (40 characters)
  slipway deploy --service shop --image core=registry.example.com/shop/core@sha256:…
  slipway deploy --service shop --detach --json

The plan is approved by somebody else with \`slipway approve\`; there is no option for it here.
The exit code says how the release ended: \`slipway help exit-codes\`.`;

export function registerDeploy(program: Command, cli: Cli): void {
  const command = program.command('deploy').description('start a release and follow it to its end');
  command
    .option('--service <name>', 'what to release (default: by slipway.yaml here, or `slipway use`)')
    .option('--commit <commit>', 'commit to release', 'HEAD')
    .option('--branch <name>', 'branch that carries the commit (default: the one checked out here)')
    .option('--environment <name>', 'needed only when the branch maps to several')
    .option(
      '--image <component=image@digest>',
      'image built elsewhere; repeat for each component',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option(
      '--downgrade',
      'the commit may be older than what runs, or than the schema: then the plan says so to whoever approves',
    )
    .option('--new-attempt', 'once more, though an earlier attempt of this commit has ended')
    .option(
      '--request-key <key>',
      'the same key is the same request, however often it is sent (default: a new one, printed)',
    )
    .option('--detach', 'do not follow: print the id and exit with 0');
  withGateway(withFollowing(command))
    .addHelpText('after', examples)
    .action(runs(cli, (options: DeployOptions) => deploy(cli, options)));
}

async function deploy(cli: Cli, options: DeployOptions): Promise<number> {
  timeoutOf(options);
  const images = parseImages(options.image);
  const gateway = await connect(cli, options);
  const requestKey = options.requestKey ?? randomUUID();
  const request: StartRelease = {
    service: await serviceMeant(cli, options),
    branch: options.branch ?? (await currentBranch(cli.io.cwd)),
    commit: await resolveCommit(options.commit, cli.io.cwd),
    ...(options.environment ? { environment: options.environment } : {}),
    ...(Object.keys(images).length > 0 ? { images } : {}),
    ...(options.downgrade ? { downgrade: true } : {}),
    ...(options.newAttempt ? { newAttempt: true } : {}),
    requestKey,
  };
  const { commit, branch } = request;
  for (const warning of await checkoutWarnings(cli.io.cwd, { commit, branch, isHead: options.commit === 'HEAD' }))
    cli.warn(warning);
  if (!options.json) cli.print(`request key: ${requestKey}`);
  const started = await start(gateway, request);
  if (!options.json) cli.print(startedLines(started, options));
  const { releaseId, created, ended } = started;
  if (ended?.noMore) throw overtaken(started, ended.noMore, requestKey);
  if (ended) {
    // Its log was seen by whoever has followed it: how it has ended is said above.
    const exitCode = exitCodeOf({ releaseId, ...ended });
    if (options.json) cli.printJson('started', { ...started, requestKey, exitCode });
    return exitCode;
  }
  if (!options.detach) return followUp({ cli, gateway, releaseId, options, extra: { requestKey, created } });
  if (options.json) cli.printJson('started', { ...started, requestKey });
  return 0;
}

/** Where it goes is for the branch to say, and never for what `slipway use` keeps. */
async function serviceMeant(cli: Cli, { service: named }: DeployOptions): Promise<string> {
  if (named) return named;
  const { service } = await laneMeant(cli, {});
  if (service) return service;
  throw usageFailure(
    'no service is named',
    'Add --service, run this where slipway.yaml is, or keep one: slipway use SERVICE.',
  );
}

/** A start whose reply was lost may have happened: the same key finds it again. */
async function start(gateway: GatewayClient, request: StartRelease): Promise<StartedRelease> {
  const { requestKey } = request;
  try {
    return await gateway.start(request);
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    if (!mayHaveArrived(error) && !isInterrupted(error)) throw amended(error, { ids: { requestKey } });
    const next = `The release may have started. Repeat the command with --request-key ${requestKey}: it finds that release, or starts it.`;
    throw amended(error, { next, ids: { requestKey } });
  }
}

function startedLines(
  { releaseId, created, ended, pageUrl, temporalUrl }: StartedRelease,
  { detach }: DeployOptions,
): string[] {
  return [
    `release: ${releaseId}${created ? '' : ' (it was there already; nothing new was started)'}`,
    ...(ended ? endedLines(ended) : []),
    ...(pageUrl ? [`page: ${oneLine(pageUrl)}`] : []),
    ...(temporalUrl ? [`temporal: ${temporalUrl}`] : []),
    ...(detach && !ended ? [`follow it: slipway watch ${releaseId}`] : []),
  ];
}

function endedLines({ outcome, summary, endedAt, noMore }: EndedBefore): string[] {
  const when = endedAt === undefined ? '' : ` at ${dateAndTime(endedAt)}`;
  const stands = meaningOf(outcome).proven && !noMore ? '; by the records that is what is there now' : '';
  return [
    `it has ended${when}: ${oneLine(outcome)}${summary ? `, ${oneLine(summary)}` : ''}${stands}`,
    ...(stands || noMore ? [] : ['start it once more: the same command with --new-attempt']),
  ];
}

/** What was verified once says nothing of what runs now: to be taken for a success it must still be there. */
function overtaken({ releaseId }: StartedRelease, noMore: string[], requestKey: string): CliFailure {
  const lines = noMore.map((line) => `\n${line}`).join('');
  const message = `${releaseId} was verified, and is not what is there now; nothing was started:${lines}`;
  const next =
    'To put it there again: the same command with --new-attempt (and --downgrade, where what is verified by now is not in its past).';
  return amended(refusedFailure(message, next), { ids: { releaseId, requestKey } });
}

function parseImages(texts: string[]): Record<string, string> {
  const images = new Map<string, string>();
  for (const text of texts) {
    const [, component, image] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
    if (!component || !image || !isPinnedImage(image)) {
      throw usageFailure(
        `--image ${JSON.stringify(text)} is not COMPONENT=IMAGE@sha256:…`,
        'Pin the image by its digest; tags move.',
      );
    }
    if (images.has(component)) throw usageFailure(`--image names ${component} twice`, 'Name each component once.');
    images.set(component, image);
  }
  return Object.fromEntries(images);
}

import type { Command } from 'commander';
import { isPinnedImage } from '../../../domain/images.ts';
import { runs, type Cli } from '../cli.ts';
import { checkoutWarnings } from '../checkout-warnings.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { usageFailure } from '../failures.ts';
import { timeoutOf } from '../follow-up.ts';
import { currentBranch, resolveCommit } from '../git.ts';
import { laneMeant } from '../lane-meant.ts';
import { startRelease, withStarting, type StartOptions } from '../start-release.ts';

interface DeployOptions extends GatewayOptions, StartOptions {
  service?: string;
  commit: string;
  branch?: string;
  environment?: string;
  image: string[];
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
    );
  withGateway(withStarting(command))
    .addHelpText('after', examples)
    .action(runs(cli, (options: DeployOptions) => deploy(cli, options)));
}

async function deploy(cli: Cli, options: DeployOptions): Promise<number> {
  timeoutOf(options);
  const images = parseImages(options.image);
  const gateway = await connect(cli, options);
  const request = {
    service: await serviceMeant(cli, options),
    branch: options.branch ?? (await currentBranch(cli.io.cwd)),
    commit: await resolveCommit(options.commit, cli.io.cwd),
    ...(options.environment ? { environment: options.environment } : {}),
    ...(Object.keys(images).length > 0 ? { images } : {}),
  };
  const { commit, branch } = request;
  for (const warning of await checkoutWarnings(cli.io.cwd, { commit, branch, isHead: options.commit === 'HEAD' }))
    cli.warn(warning);
  return startRelease(cli, gateway, request, options);
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

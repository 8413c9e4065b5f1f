import type { Command } from 'commander';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { createVerifier } from '../../../activities/shared/signatures.ts';
import type { Verifier } from '../../../activities/shared/signatures.ts';
import { nameOfEvidence, textOfEvidence } from '../../../domain/evidence/file.ts';
import type { EvidenceBundle } from '../../../domain/contract/evidence-bundle.ts';
import { fails, verdictOf } from '../../../domain/evidence/line.ts';
import type { EvidenceLine, EvidenceVerdict } from '../../../domain/evidence/line.ts';
import { proveEvidence } from '../../../domain/evidence/prove.ts';
import { publicKeysFrom, statementsFrom } from '../audit-files.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, withoutGateway, type GatewayOptions } from '../connect.ts';
import { cannotBeTold, foundProblems } from '../exit-codes.ts';
import { usageFailure } from '../failures.ts';
import { unexpectedAnswer } from '../gateway-errors.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { oneLine } from '../safe-text.ts';

interface WriteOptions extends GatewayOptions, LaneOptions {
  out?: string;
  force?: boolean;
}

interface VerifyOptions {
  publicKey: string[];
  ends: string[];
  json?: boolean;
}

const examples = `
Examples:
  slipway evidence shop#142
  slipway evidence shop#142 --out audit/shop-142.json
  slipway evidence verify shop-production-142.evidence.json --public-key gateway.pem
  slipway evidence verify shop-production-142.evidence.json --public-key keys/ --ends audit-ends.jsonl`;

const several = (value: string, before: string[]): string[] => [...before, value];

export function registerEvidence(program: Command, cli: Cli): void {
  const evidence = program
    .command('evidence')
    .description('the evidence file of a release: what was released, who has allowed it, what it was checked with');
  withGateway(withLane(evidence.argument('<id>', namesOfRuns)))
    .option('--out <file>', 'where to (default: SERVICE-ENVIRONMENT-NUMBER.evidence.json here)')
    .option('--force', 'replace a file that is there')
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: WriteOptions) => write(cli, id, options)));
  withoutGateway(
    evidence
      .command('verify <file>')
      .description('check an evidence file by public keys alone: nobody is asked anything'),
  )
    .option('--public-key <path>', "the gateway's public key, or a directory of them; may be repeated", several, [])
    .option(
      '--ends <path>',
      'statements that the gateway has sent outside: a file of lines, or a directory of them; may be repeated',
      several,
      [],
    )
    .addHelpText('after', examples)
    .action(runs(cli, (file: string, options: VerifyOptions) => verify(cli, file, options)));
}

async function write(cli: Cli, id: string, { out, force = false, ...options }: WriteOptions): Promise<number> {
  const gateway = await connect(cli, options);
  const releaseId = await releaseNamed({ cli, gateway, options }, id);
  // What checks it is loaded where it is needed: other commands begin without it.
  const { evidenceOf, writeEvidence } = await import('../evidence-file.ts');
  const signed = evidenceOf(await gateway.evidence(releaseId), (why) => unexpectedAnswer(`an evidence file: ${why}`));
  const { release, keyIds, missing } = signed.bundle;
  const file = out ?? nameOfEvidence(release);
  const text = textOfEvidence(signed);
  await writeEvidence(cli.io.cwd, file, text, { force });
  if (options.json) {
    cli.printJson('evidence', { releaseId: release.id, file, bytes: Buffer.byteLength(text), keyIds, missing });
    return 0;
  }
  cli.print(`${oneLine(file)}: evidence file of ${oneLine(release.id)}, by the keys ${keyIds.map(oneLine).join(', ')}`);
  for (const { what, why } of missing) cli.note(`not in it: ${oneLine(what)}: ${oneLine(why)}`);
  return 0;
}

async function verify(cli: Cli, file: string, { publicKey, ends, json }: VerifyOptions): Promise<number> {
  const { cwd } = cli.io;
  if (publicKey.length === 0)
    throw usageFailure('--public-key is missing', "Name the gateway's public key, from where you trust it.");
  const { readEvidence } = await import('../evidence-file.ts');
  const verifier = await verifierOf(cwd, publicKey);
  const found = await Promise.all(ends.map((path) => statementsFrom(cwd, path)));
  const { signed, text } = await readEvidence(cwd, file);
  const outside = found.flatMap(({ all }) => all);
  const proven = await proveEvidence(signed, { ...verifier, hash: sha256 }, outside);
  const all = [...asWritten(text, textOfEvidence(signed)), ...proven];
  const verdict = verdictOf(all);
  const lines = all.map(shown);
  const { release, end: ended } = signed.bundle;
  if (json) {
    const outcome = ended && { outcome: ended.outcome };
    cli.printJson('evidence-proof', { verdict, releaseId: oneLine(release.id), ...outcome, lines });
  } else {
    const unread = found.reduce((sum, one) => sum + one.unread, 0);
    cli.print([...lines.map(inWords), ...(unread > 0 ? [`note: ${unread} lines of the ends could not be read`] : [])]);
    cli.print(inShort(signed.bundle, verdict, lines));
  }
  return exitCodes[verdict];
}

const exitCodes: Record<EvidenceVerdict, number> = {
  proven: 0,
  'does not hold': foundProblems,
  'cannot be told': cannotBeTold,
};

/** Throws a usage failure for what is no public key. */
async function verifierOf(cwd: string, paths: readonly string[]): Promise<Verifier> {
  const pems = (await Promise.all(paths.map((path) => publicKeysFrom(cwd, path)))).flat();
  try {
    return createVerifier(pems);
  } catch {
    throw usageFailure(
      `${paths.join(', ')}: something there is no public key`,
      'Name files as `slipway` gateways are given them: PEM, beginning with BEGIN PUBLIC KEY.',
    );
  }
}

/** Spaces and the order of keys say nothing, and are signed by nobody: they are as they were all the same. */
function asWritten(text: string, wanted: string): EvidenceLine[] {
  return text === wanted ? [] : [fails('file', 'it is not byte by byte what was written, though it may say the same')];
}

const shown = ({ state, what, says, isNeeded }: EvidenceLine): EvidenceLine => ({
  ...{ state, what: oneLine(what), says: oneLine(says) },
  ...(isNeeded && { isNeeded }),
});

const words: Record<EvidenceLine['state'], string> = { holds: 'holds', fails: 'FAILS', unseen: 'not seen' };

/** What nobody can do without stands out among what no such file tells. */
const inWords = ({ state, what, says, isNeeded }: EvidenceLine) =>
  `${(isNeeded ? 'NOT SEEN' : words[state]).padEnd(8)}  ${what}: ${says}`;

const verdicts: Record<EvidenceVerdict, string> = {
  proven: 'PROVEN by this file',
  'does not hold': 'DOES NOT HOLD',
  'cannot be told': 'CANNOT BE TOLD from this file',
};

function inShort({ release, end }: EvidenceBundle, verdict: EvidenceVerdict, lines: readonly EvidenceLine[]): string {
  const count = (state: EvidenceLine['state']) => lines.filter((line) => line.state === state).length;
  const which = `${release.service}#${release.number} in ${release.environment}, ${end?.outcome ?? 'not ended'}`;
  return oneLine(
    `${which}: ${verdicts[verdict]} (${count('holds')} lines hold, ${count('fails')} do not, ${count('unseen')} are not seen)`,
  );
}

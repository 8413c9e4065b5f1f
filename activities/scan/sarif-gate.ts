import { join, resolve } from 'node:path';
import type { GateTool } from '../../domain/contract/policy.ts';
import type { ScanFinding } from '../../domain/findings.ts';
import { visible } from '../../domain/visible.ts';
import { head } from '../../domain/whole-text.ts';
import type { Box } from '../box/port.ts';
import { redactedHead } from '../shared/redact.ts';
import { sha256 } from '../shared/sha256.ts';
import { createFingerprints, fingerprintOf } from './fingerprints.ts';
import type { TreeGates } from './port.ts';
import { readSarif, type SarifFinding, type SarifReport } from './sarif-report.ts';
import { CouldNotScan, lastWords, scanning } from './scan-tool.ts';
import { runScanTool } from './tool-in-box.ts';

/** What a tool may write: its report, and what it keeps beside that. */
const mostWritten = 2 * 1024 ** 3;

/**
 * Gates by any program that writes SARIF 2.1.0. It sees the tree and what the policy lets it read, has no network and no login, and is ended with
 * all that it has started. What it reports is data: nothing in it, and nothing in the tree, excuses a finding.
 */
export function createSarifGates({ box }: { box?: Box } = {}): TreeGates {
  return {
    async look(gate, tool, directory, progress) {
      let besides: Besides = {};
      const report = await scanning(gate, progress.signal, async (work) => {
        const tree = resolve(directory);
        let seen = { tree, work };
        const [program = '', ...args] = tool.run;
        const result = await runScanTool(
          box,
          {
            program,
            places: { work, tree },
            alongside: tool.places,
            args: (at) => {
              seen = { tree: at.tree ?? tree, work: at.work };
              return args.map((word) => filled(word, { tree: seen.tree, report: join(at.work, reportFile) }));
            },
            network: 'none',
            timeoutMs: tool.timeoutMs,
            progress,
            diskBytes: mostWritten,
          },
          tool.exitCodes,
        );
        const read = await readSarif(join(work, reportFile), seen).catch((error: unknown) => {
          progress.signal.throwIfAborted();
          const said = lastWords(result).trim();
          throw new CouldNotScan(`${(error as Error).message}${said === '' ? '' : `; the last that it said: ${said}`}`);
        });
        besides = besidesOf(read, tool);
        return findingsOf(directory, read.findings, tool);
      });
      const { trouble, note } = besides;
      const open = trouble === undefined ? [] : [{ kind: 'unscanned' as const, scanner: gate, reason: trouble }];
      return { reports: [report, ...open], ...(note !== undefined && { note }) };
    },
  };
}

const reportFile = 'report.sarif';

/** One pass: a path that holds such a word is not read again. */
function filled(word: string, paths: { tree: string; report: string }): string {
  return word.replaceAll(/\{(tree|report)\}/g, (_whole, name: 'tree' | 'report') => paths[name]);
}

interface Besides {
  trouble?: string;
  note?: string;
}

/** What was left out could only be no worse than what was read: it matters where that counts, too. */
function besidesOf({ trouble: said, leftOut: { count, severities } }: SarifReport, { failOn }: GateTool): Besides {
  // In the tool's words, which may quote what it has found.
  const trouble = said === undefined ? undefined : visible(redactedHead(said, 1_000));
  const cut = count === 0 ? undefined : `the report has ${count} findings more than are read`;
  const matters = severities.some((one) => failOn.includes(one));
  const troubles = [trouble, matters ? cut : undefined].filter((one) => one !== undefined);
  return {
    ...(troubles.length > 0 && { trouble: troubles.join('; ') }),
    ...(cut !== undefined && !matters && { note: cut }),
  };
}

/** Beyond this many a tree is no place for exceptions: the rest is told without a fingerprint, and nothing can excuse it. */
const mostFingerprints = 500;

async function findingsOf(
  directory: string,
  found: readonly SarifFinding[],
  { failOn }: GateTool,
): Promise<ScanFinding[]> {
  const ofLines = createFingerprints(resolve(directory));
  const findings: ScanFinding[] = [];
  let made = 0;
  for (const one of found) {
    const { rule, severity, place, lines } = one;
    const path = place === undefined ? 'no file' : inShort(place.written ?? place.path);
    const isWanted = failOn.includes(severity) && (made += 1) <= mostFingerprints;
    const fingerprint = isWanted ? await printOf(one, ofLines) : '';
    const line = lines === undefined ? '' : `:${lines[0]}`;
    findings.push({
      id: `${ruleInId(rule)}:${path}:${fingerprint}`,
      severity,
      where: `${path}${line}${place?.inside === false ? ' (outside of the tree)' : ''}`,
    });
  }
  return findings;
}

/**
 * Of the lines, where they are known and in the tree, and of what is said of them: one package of a lock file is not another, though both stand on
 * its first line. Empty where nothing tells it from others: no exception can name it then.
 */
async function printOf(
  { rule, place, lines, message }: SarifFinding,
  ofLines: ReturnType<typeof createFingerprints>,
): Promise<string> {
  const path = place?.path ?? '';
  if (place?.written !== undefined) return '';
  if (!place?.inside || lines === undefined) return message === '' ? '' : fingerprintOf(message, { rule, path });
  return ofLines({ rule, path, lines, ...(message !== '' && { said: message }) }).catch((error: unknown) => {
    // A tool may name lines that are not there: such a finding has no place that somebody could have looked at.
    if (error instanceof CouldNotScan) return '';
    throw error;
  });
}

const mostOfPath = 300;

/**
 * As people read it. A path may be long, and its letters seven characters each: what thousands of findings are told apart by is kept short, and two
 * long ones stay two.
 */
function inShort(path: string): string {
  return visible(path.length <= mostOfPath ? path : `${head(path, mostOfPath)}…${sha256(path).slice(0, 16)}`);
}

/** As an exception can name it. */
function ruleInId(rule: string): string {
  const plain = head(rule.replaceAll(/[^\w.@/-]/g, '-'), 128);
  return /^[\w@]/.test(plain) ? plain : head(`_${plain}`, 128);
}

import { writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { ScanFinding } from '../../domain/findings.ts';
import type { Box } from '../box/port.ts';
import { createFingerprints } from './fingerprints.ts';
import { readGitleaksReport, type Leak } from './gitleaks-report.ts';
import type { SecretScanner } from './port.ts';
import { CouldNotScan, scanning } from './scan-tool.ts';
import { runScanTool } from './tool-in-box.ts';

export interface GitleaksOptions {
  /** Where it runs; without it as it is, with the worker's own rights. */
  box?: Box;
  /** The program; `gitleaks` on PATH by default. */
  program?: string;
  /** The operator's own rules; gitleaks' own by default. Rules in the scanned tree are never used. */
  rulesFile?: string;
  /** 10 minutes by default. */
  timeoutMs?: number;
}

/**
 * Looks for secrets by gitleaks 8.19 or newer. The tree cannot excuse itself: its .gitleaks.toml and its `gitleaks:allow` comments are not
 * followed, and its .gitleaksignore names paths that are not those of the checkout. Exceptions belong into slipway.yaml, with a reason.
 * A secret is a CRITICAL finding. Its id is rule, path and fingerprint: what is said of a fixture says nothing of a real key, not even in
 * the same file.
 */
export function createGitleaks(options: GitleaksOptions = {}): SecretScanner {
  return {
    scanTree: (directory, progress) =>
      scanning('gitleaks', progress.signal, async (work) => {
        const rules = options.rulesFile ?? join(work, 'rules.toml');
        if (options.rulesFile === undefined) await writeFile(rules, '[extend]\nuseDefault = true\n');
        const log: string[] = [];
        let tree = resolve(directory);
        await runScanTool(
          options.box,
          {
            program: options.program ?? 'gitleaks',
            places: { work, tree: resolve(directory), ...(options.rulesFile && { rules: options.rulesFile }) },
            args: (at) => {
              tree = at.tree ?? tree;
              const reporting = ['--report-format', 'json', '--report-path', join(at.work, 'report.json'), '--redact'];
              const output = ['--no-banner', '--no-color', '--exit-code', '0'];
              const config = at.rules ?? join(at.work, 'rules.toml');
              const excuses = ['--ignore-gitleaks-allow', '--gitleaks-ignore-path', at.work];
              return ['dir', ...reporting, ...output, '--config', config, ...excuses, tree];
            },
            network: 'none',
            timeoutMs: options.timeoutMs ?? 10 * 60_000,
            progress: { report: (line) => (log.push(line), progress.report(line)), signal: progress.signal },
          },
          [0],
        );
        refuseHalfLook(log);
        return findingsOf(directory, tree, await readGitleaksReport(join(work, 'report.json')));
      }),
  };
}

/** It passes over what it cannot read, even the whole tree, with a warning and exit code 0. */
function refuseHalfLook(log: readonly string[]): void {
  const skipped = log.find((line) => /\b(WRN|ERR|FTL)\b.*\berror=/.test(line));
  if (skipped !== undefined) throw new CouldNotScan(skipped);
}

/** Beyond this many a tree is no place for exceptions: the rest is told without a fingerprint, and nothing can excuse it. */
const mostFingerprints = 500;

/** The scanner saw the directory as `tree`. */
async function findingsOf(directory: string, tree: string, leaks: readonly Leak[]): Promise<ScanFinding[]> {
  const fingerprintOf = createFingerprints(resolve(directory));
  const findings: ScanFinding[] = [];
  for (const [index, { RuleID: rule, File: file, StartLine: line, EndLine: last }] of leaks.entries()) {
    const path = isAbsolute(file) ? relative(tree, file) : file;
    const fingerprint = index < mostFingerprints ? await fingerprintOf({ rule, path, lines: [line, last] }) : '';
    findings.push({ id: `${rule}:${path}:${fingerprint}`, severity: 'CRITICAL', where: `${path}:${line}` });
  }
  return findings;
}

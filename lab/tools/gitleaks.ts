import type { Progress } from '../kubernetes/command.ts';
import { ensureGoTool, findGoTool } from './go-tool.ts';
import type { GoTool } from './go-tool.ts';

// `go install` names the program after the last part of the path that is no version: gitleaks
const gitleaks: GoTool = {
  program: 'gitleaks',
  package: 'github.com/zricethezav/gitleaks/v8',
  version: 'v8.30.1',
  takes: 'about half a minute, once',
};

/** Path of gitleaks 8. The module still carries the name of its first owner. */
export function ensureGitleaks(progress: Progress): Promise<string> {
  return ensureGoTool(gitleaks, progress);
}

export function findGitleaks(): Promise<string | undefined> {
  return findGoTool(gitleaks);
}

import type { Progress } from '../kubernetes/command.ts';
import { ensureGoTool } from './go-tool.ts';

/** Path of gitleaks 8. The module still carries the name of its first owner. */
export async function ensureGitleaks(progress: Progress): Promise<string> {
  // `go install` names the program after the last part of the path that is no version: gitleaks
  return ensureGoTool(
    {
      program: 'gitleaks',
      package: 'github.com/zricethezav/gitleaks/v8',
      version: 'v8.30.1',
      takes: 'about half a minute, once',
    },
    progress,
  );
}

import type { Progress } from '../kubernetes/command.ts';
import { ensureGoTool } from './go-tool.ts';

/** Path of act, which runs workflows of GitHub Actions, here as processes of this machine. */
export function ensureAct(progress: Progress): Promise<string> {
  return ensureGoTool(
    { program: 'act', package: 'github.com/nektos/act', version: 'v0.2.89', takes: 'about five minutes, once' },
    progress,
  );
}

import type { Progress } from '../kubernetes/command.ts';
import { ensureGoTool } from './go-tool.ts';

/** Path of actionlint, which knows what GitHub takes for a workflow. */
export function ensureActionlint(progress: Progress): Promise<string> {
  return ensureGoTool(
    {
      program: 'actionlint',
      package: 'github.com/rhysd/actionlint/cmd/actionlint',
      version: 'v1.7.12',
      takes: 'about half a minute, once',
    },
    progress,
  );
}

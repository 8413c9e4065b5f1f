import type { Progress } from '../kubernetes/command.ts';
import { ensureGoTool, findGoTool } from './go-tool.ts';
import type { GoTool } from './go-tool.ts';

const osvScanner: GoTool = {
  program: 'osv-scanner',
  package: 'github.com/google/osv-scanner/v2/cmd/osv-scanner',
  version: 'v2.2.4',
  takes: 'about three minutes, once',
};

/** Path of OSV-Scanner 2. 2.2.4 is the last version that builds with Go 1.26. */
export function ensureOsvScanner(progress: Progress): Promise<string> {
  return ensureGoTool(osvScanner, progress);
}

export function findOsvScanner(): Promise<string | undefined> {
  return findGoTool(osvScanner);
}

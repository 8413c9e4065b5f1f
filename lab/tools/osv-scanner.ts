import type { Progress } from '../kubernetes/command.ts';
import { ensureGoTool } from './go-tool.ts';

/** Path of OSV-Scanner 2. 2.2.4 is the last version that builds with Go 1.26. */
export function ensureOsvScanner(progress: Progress): Promise<string> {
  return ensureGoTool(
    {
      program: 'osv-scanner',
      package: 'github.com/google/osv-scanner/v2/cmd/osv-scanner',
      version: 'v2.2.4',
      takes: 'about three minutes, once',
    },
    progress,
  );
}

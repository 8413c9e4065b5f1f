import type { Box } from '../box/port.ts';
import type { RegistryCredentials } from '../shared/registry-login.ts';
import { runCommand } from '../shared/run-command.ts';
import { createGitleaks } from './gitleaks.ts';
import { createOsvScanner } from './osv-scanner.ts';
import type { ImageScanner, SecretScanner, TreeGates } from './port.ts';
import { createSarifGates } from './sarif-gate.ts';
import { createTrivy } from './trivy.ts';

export interface ScannerChoiceOptions {
  /** Programs at configured paths; by default they are looked for on PATH. */
  trivy?: string;
  osvScanner?: string;
  gitleaks?: string;
  /** Offline database of OSV-Scanner. */
  osvDatabaseDirectory?: string;
  credentials?: RegistryCredentials;
  /** Where scanners run that read what strangers wrote. Where it cannot be made they run as they are, and that is told. */
  box?: Box;
}

/** The scanners of this worker. `…By` says which, or why there is none, for the start-up log: a scanner that is missing answers `unscanned`. */
export interface ScannerChoice {
  images: ImageScanner;
  imagesBy: string;
  secrets: SecretScanner;
  secretsBy: string;
  /** By programs that the policy names. */
  trees: TreeGates;
  has: { images: boolean; secrets: boolean };
}

/** Trivy where it is installed, else OSV-Scanner; gitleaks for secrets. */
export async function chooseScanners(options: ScannerChoiceOptions = {}): Promise<ScannerChoice> {
  const {
    trivy = 'trivy',
    osvScanner = 'osv-scanner',
    gitleaks = 'gitleaks',
    osvDatabaseDirectory,
    credentials,
  } = options;
  const [hasTrivy, hasOsv, hasGitleaks] = await Promise.all([
    starts(trivy, ['--version']),
    starts(osvScanner, ['--version']),
    starts(gitleaks, ['version']),
  ]);
  const boxed = await options.box?.probe();
  const apart = boxed?.works && options.box ? { box: options.box } : {};
  const how = boxed === undefined || boxed.works ? '' : `, not isolated: ${boxed.why}`;
  const login = credentials === undefined ? {} : { credentials };
  const database = osvDatabaseDirectory === undefined ? {} : { databaseDirectory: osvDatabaseDirectory };
  return {
    images: hasTrivy
      ? createTrivy({ program: trivy, ...login, ...apart })
      : createOsvScanner({ program: osvScanner, ...database, ...login, ...apart }),
    imagesBy: hasTrivy
      ? `Trivy${how}`
      : hasOsv
        ? `OSV-Scanner${how}`
        : `none: neither ${trivy} nor ${osvScanner} starts here`,
    secrets: createGitleaks({ program: gitleaks, ...apart }),
    trees: createSarifGates(apart),
    has: { images: hasTrivy || hasOsv, secrets: hasGitleaks },
    secretsBy: hasGitleaks ? `gitleaks${how}` : `none: ${gitleaks} does not start here`,
  };
}

async function starts(program: string, args: string[]): Promise<boolean> {
  return (await runCommand({ program, args, timeoutMs: 20_000 })).exitCode === 0;
}

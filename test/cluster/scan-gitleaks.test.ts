import { createGitleaks } from '../../activities/scan/gitleaks.ts';
import { ensureGitleaks } from '../../lab/tools/gitleaks.ts';
import { describeSecretScanner } from '../contract/scan.suite.ts';

describeSecretScanner('gitleaks', async () => ({
  scanner: createGitleaks({ program: await ensureGitleaks((line) => console.log(line)) }),
  withoutProgram: createGitleaks({ program: 'slipway-no-gitleaks' }),
}));

import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { createGitleaks } from '../../activities/scan/gitleaks.ts';
import { ensureGitleaks } from '../../lab/tools/gitleaks.ts';
import { describeSecretScanner } from '../contract/scan.suite.ts';

describeSecretScanner('gitleaks', async () => ({
  scanner: createGitleaks({ program: await ensureGitleaks((line) => console.log(line)) }),
  withoutProgram: createGitleaks({ program: 'slipway-no-gitleaks' }),
}));

describeSecretScanner('gitleaks in a box', async () => {
  const box = createNamespacesBox();
  return {
    scanner: createGitleaks({ box, program: await ensureGitleaks((line) => console.log(line)) }),
    withoutProgram: createGitleaks({ box, program: 'slipway-no-gitleaks' }),
  };
});

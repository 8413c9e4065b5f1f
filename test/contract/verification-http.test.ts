import { createVerification } from '../../activities/verification/http-verification.ts';
import { describeVerification } from './verification.suite.ts';

describeVerification('HTTP', (timeoutMs = 60_000) => createVerification({ timeoutMs }));

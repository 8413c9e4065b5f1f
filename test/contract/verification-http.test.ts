import { createVerification } from '../../activities/verification/http-verification.ts';
import { describeVerification } from './verification.suite.ts';

describeVerification('HTTP', (timeoutMs) => createVerification(timeoutMs === undefined ? {} : { timeoutMs }));

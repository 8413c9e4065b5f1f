import { fileURLToPath } from 'node:url';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { describeBox } from '../contract/box.suite.ts';
import { usePrograms } from '../support/cluster-programs.ts';

usePrograms('unshare', 'setpriv', 'ip');

const file = fileURLToPath(new URL('../../activities/box/namespaces-box.ts', import.meta.url));
describeBox('Linux namespaces', createNamespacesBox, file);

import { expect, it } from '@jest/globals';
import { sayOldDocker } from '../../domain/docker-versions.ts';

it.each(['20.10.24', '20.10.24+dfsg1', '23.0.18', '24.0.8', '25.0.0', '25.0.1', '1.13.1'])(
  'is told that its daemon is old: %s',
  (version) => expect(sayOldDocker(version)).toMatch(/^older than 24\.0\.9 or 25\.0\.2: /),
);

it.each(['24.0.9', '24.1.0', '24.0.10', '25.0.2', '25.1.0', '26.0.0', '28.2.2', 'dev', ''])(
  'is told nothing of a daemon that is not, or that does not say: %j',
  (version) => expect(sayOldDocker(version)).toBeUndefined(),
);

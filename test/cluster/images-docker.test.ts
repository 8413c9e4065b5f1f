import { createDockerBuilder } from '../../activities/images/docker-builder.ts';
import { describeImageBuilder } from '../contract/images.suite.ts';
import { startDockerDaemon } from '../support/docker-daemon.ts';
import { usePrograms } from '../support/cluster-programs.ts';

usePrograms('dockerd', 'docker', 'docker-registry');

describeImageBuilder('docker', async () => {
  const daemon = await startDockerDaemon();
  return { builder: createDockerBuilder({ host: daemon.host }), tearDown: daemon.stop };
});

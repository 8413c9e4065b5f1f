import { describe, expect, it } from '@jest/globals';
import { blameOfBeginning } from '../../domain/job-beginning.ts';

const pull = (words: string) =>
  `ErrImagePull: failed to pull and unpack image "registry.test/shop/core-503@sha256:1": failed to resolve reference "registry.test/shop/core-503@sha256:1": ${words}`;

describe('who keeps a migration from beginning', () => {
  it.each([
    [pull('unexpected status from HEAD request to https://registry.test/v2/x: 503 Service Unavailable')],
    ['ErrImagePull: 503'],
    [pull('pulling from host failed with status code [manifests 1]: 429 Too Many Requests')],
    ['toomanyrequests: You have reached your unauthenticated pull rate limit.'],
    [pull('dial tcp 10.0.0.5:5000: connect: connection refused')],
    [pull('dial tcp: lookup registry.test: no such host')],
    [pull('failed to do request: Head "https://registry.test/v2/x": net/http: TLS handshake timeout')],
    [pull('failed to do request: Head "https://registry.test/v2/x": EOF')],
    ['ImagePullBackOff: Back-off pulling image "registry.test/shop/core"'],
    ['Unschedulable: 0/503 nodes are available: 503 Insufficient cpu.'],
    ['after 90 s: m-1 has no node yet: 0/3 nodes are available'],
    ['after 60 s: the Job has no pod yet; Job/m FailedCreate: failed calling webhook "x": context deadline exceeded'],
    ['PodFailurePolicy: Pod shop/m-1 has condition DisruptionTarget'],
    ['DeadlineExceeded: Job was active longer than specified deadline'],
    ['after 90 s: pod m-1 is pending'],
  ])('is the world: %s', (reason) => {
    expect(blameOfBeginning(reason)).toBe('world');
  });

  it.each([
    [pull('unexpected status from HEAD request to https://registry.test/v2/x: 401 Unauthorized')],
    [pull('failed to authorize: failed to fetch anonymous token: unexpected status: 403 Forbidden')],
    ['pull access denied, repository does not exist or may require authorization: server message: not found'],
    ['failed to pull image "x": no basic auth credentials'],
    [pull('tls: failed to verify certificate: x509: certificate signed by unknown authority')],
    [
      'after 60 s: the Job has no pod yet; Job/m FailedCreate: Error creating: pods "m-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=500, limited: pods=500',
    ],
    ['after 60 s: the Job has no pod yet; Job/m FailedCreate: serviceaccount "core" not found'],
    ['FailedCreate: admission webhook "policy" denied the request: no latest'],
  ])('is the operator: %s', (reason) => {
    expect(blameOfBeginning(reason)).toBe('operator');
  });

  it.each([
    [pull('registry.test/shop/core: not found')],
    ['ErrImagePull: manifest unknown'],
    ['InvalidImageName: couldn\'t parse image name "UPPER"'],
    ['CreateContainerConfigError: secret "migrate" not found'],
    ['CreateContainerError: no command specified'],
    ['StartError: failed to create containerd task: exec: "migrate": executable file not found in $PATH'],
  ])('is the release: %s', (reason) => {
    expect(blameOfBeginning(reason)).toBe('release');
  });

  it('goes by the words of a cause, also when later words only say that it is tried again', () => {
    const warnings = `Pod/m-1 BackOff: Back-off pulling image "x"; Pod/m-1 Failed: ${pull('503 Service Unavailable')}`;
    expect(blameOfBeginning(`ImagePullBackOff: Back-off pulling image "x"; ${warnings}`)).toBe('world');
    const denied = warnings.replace('503 Service Unavailable', '403 Forbidden');
    expect(blameOfBeginning(`ImagePullBackOff: Back-off pulling image "x"; ${denied}`)).toBe('operator');
  });
});

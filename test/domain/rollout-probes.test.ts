import { describe, expect, it } from '@jest/globals';
import type { ContainerObservation, PodObservation, WarningObservation } from '../../domain/rollout-observation.ts';
import { aBrokenPod, aContainer, aPod, aStart, aWarning, failureOf, judged, now, second } from './rollout-builders.ts';

const exec = (program: string, why: string): string =>
  `Readiness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": ${why}: unknown`;
const notFound = exec('podcli', 'executable file not found in $PATH');

/** A pod whose container has run for 20 s and is not ready. */
function unready(container: Partial<ContainerObservation> = {}, pod: Partial<PodObservation> = {}): PodObservation {
  const startedAt = now - 20 * second;
  return aPod({ ready: false, containers: [aContainer({ ready: false, startedAt, ...container })], ...pod });
}

function judgedBy(warning: WarningObservation, pod = unready()) {
  return judged(aStart([pod], { warnings: [warning] }));
}

describe('a probe that cannot be run', () => {
  it.each<[string, string]>([
    ['its program is not in the image', notFound],
    ['its program is not in the image, as another runtime says it', notFound.replace('errored and resulted', 'failed')],
    [
      'its program is not in the image, as crun says it',
      'Readiness probe failed: executable file `podcli` not found in $PATH: No such file or directory',
    ],
    ['its program is for another machine', exec('/bin/probe', 'exec format error')],
    [
      'its port has a name that the container does not know',
      'Readiness probe errored: strconv.Atoi: parsing "http": invalid syntax',
    ],
    ['it is the startup probe', notFound.replace('Readiness', 'Startup')],
  ])('condemns the rollout at once, in its own words: %s', (_name, words) => {
    expect(failureOf(judgedBy(aWarning(words)))).toMatchObject({
      reason: 'Unhealthy',
      message: words.length > 240 ? expect.stringContaining(words.slice(-200)) : words,
      pod: 'api-new-1',
      container: 'api',
    });
  });

  it('is told without the log of a container that has nothing to do with it', () => {
    expect(failureOf(judgedBy(aWarning(notFound)))).not.toHaveProperty('logTells');
  });

  it('condemns it beside good pods, because all have the same image', () => {
    const seen = aStart([aPod({ name: 'api-new-2', uid: 'p2' }), unready()], { warnings: [aWarning(notFound)] });
    expect(judged(seen).kind).toBe('failed');
  });

  it('is waited for as long as a start may take where its program could still appear', () => {
    const words = exec('/run/healthy', 'stat /run/healthy: no such file or directory');
    const ranFor = (seconds: number) =>
      unready({ startedAt: now - seconds * second }, { createdAt: now - 90 * second });
    expect(judgedBy(aWarning(words), ranFor(59)).kind).toBe('progressing');
    expect(judgedBy(aWarning(words), ranFor(60)).kind).toBe('failed');
  });

  it.each<[string, WarningObservation, PodObservation | undefined]>([
    ['is of an earlier pod of the same name', aWarning(notFound, { uid: 'p0' }), undefined],
    ['is about another container', aWarning(notFound, { container: 'mesh' }), undefined],
    ['is older than the present run', aWarning(notFound, { lastAt: now - 60 * second }), undefined],
    ['is of a liveness probe, which ends nothing', aWarning(notFound.replace('Readiness', 'Liveness')), undefined],
    ['is not of a probe', aWarning(notFound, { reason: 'Failed' }), undefined],
    ['is belied by a container that is ready', aWarning(notFound), unready({ ready: true })],
  ])('does not count when the event %s', (_name, warning, pod) => {
    expect(judgedBy(warning, pod).kind).toBe('progressing');
  });

  it('counts although its event is old, when it has been repeated since', () => {
    const repeated = aWarning(notFound, { firstAt: now - 3_000 * second, count: 300 });
    expect(judgedBy(repeated).kind).toBe('failed');
  });
});

describe('a probe that gets a wrong answer', () => {
  const words =
    'Readiness probe failed: Get "http://10.0.0.7:8080/ready": dial tcp 10.0.0.7:8080: connect: connection refused';

  it('is told while the rollout waits', () => {
    const summary = expect.stringContaining(`api-new-1/api Unhealthy: ${words} (3 times)`);
    expect(judgedBy(aWarning(words, { count: 3 }))).toMatchObject({ kind: 'progressing', summary });
  });

  it('is the cause when the time is up, with the end of the time as evidence', () => {
    const seen = aStart([unready()], { warnings: [aWarning(words)] });
    const verdict = judged(seen, { appliedAt: now - 600 * second, deadline: now });
    expect(failureOf(verdict)).toMatchObject({
      reason: 'Unhealthy',
      message: words,
      evidence: [expect.stringContaining('DeadlineExceeded: not done after 600 s: 1 of 2 pods')],
    });
    expect(verdict).toMatchObject({ summary: `api-new-1/api: Unhealthy: ${words}` });
  });

  it('is the cause of a crash loop when the kubelet has ended the container for it', () => {
    const killed = { reason: 'Error', message: '', exitCode: 137, finishedAt: now - 4 * second };
    const pod = aBrokenPod({ reason: 'CrashLoopBackOff', message: 'back-off 10s', restarts: 2, last: killed });
    const liveness = 'Liveness probe failed: HTTP probe failed with statuscode: 500';
    const warnings = [aWarning(liveness, { lastAt: now - 30 * second })];
    const cause = failureOf(judged(aStart([pod], { warnings })));
    expect(cause).toMatchObject({ reason: 'CrashLoopBackOff', message: liveness, exitCode: 137, logTells: true });
    const long = [aWarning(liveness, { lastAt: now - 90 * second })];
    expect(failureOf(judged(aStart([pod], { warnings: long })))).toMatchObject({ message: '' });
  });
});

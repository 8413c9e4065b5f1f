import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildProgram } from '../../../client/cli/program.ts';
import { createCli } from '../../../client/cli/cli.ts';
import { processIo } from '../../../client/cli/io.ts';
import { withoutEngine } from '../../../client/cli/without-engine.ts';
import { ownPackage } from '../../../client/own-package.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

const own = ownPackage().version;
const [major, minor, patch] = own.split('.').map(Number) as [number, number, number];
const newer = `${major}.${minor}.${patch + 1}`;
const far = `${major}.${minor + 2}.0`;
const notice = `note: the gateway is slipway ${newer}, and this is ${own}, which is older; SLIPWAY_NO_UPDATE_NOTICE=1 hides this\n`;

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

/** What is said on stderr by a command that does well. */
async function said(version: string | undefined, options: Parameters<typeof slipway>[2] = {}, ...more: string[]) {
  const headers = version === undefined ? {} : { 'slipway-version': version };
  gateway.on('GET /v1/releases', { body: { releases: [] }, headers });
  const { exitCode, stderr } = await slipway(['releases', ...more], gateway.url, { terminal: true, ...options });
  expect(exitCode).toBe(0);
  return stderr;
}

describe('a gateway that is newer', () => {
  it('is told to a person at a terminal, once, after the command', async () => {
    expect(await said(newer)).toBe(notice);
  });

  it('is told beside a refusal too', async () => {
    const refusal = { status: 403, body: { error: { code: 'forbidden', message: 'not you' } } };
    gateway.on('GET /v1/releases', { ...refusal, headers: { 'slipway-version': newer } });
    const { stderr, exitCode } = await slipway(['releases'], gateway.url, {
      terminal: true,
      env: { NO_COLOR: '1' },
    });
    expect(stderr).toMatch(/^error: not you\n {2}next: .+\nnote: the gateway is slipway/);
    expect(exitCode).toBe(3);
  });

  it.each<[string, Parameters<typeof slipway>[2], string[]]>([
    ['in CI', { env: { CI: 'true' } }, []],
    ['without a terminal', { terminal: false }, []],
    ['with --json', {}, ['--json']],
    ['where SLIPWAY_NO_UPDATE_NOTICE is set', { env: { SLIPWAY_NO_UPDATE_NOTICE: '1' } }, []],
  ])('is not told %s', async (_, options, more) => {
    expect(await said(newer, options, ...more)).toBe('');
  });

  it('is told where CI is set to no', async () => {
    expect(await said(newer, { env: { CI: 'false' } })).toBe(notice);
  });

  it.each([
    ['of the same version', own],
    ['that says nothing of it', undefined],
    ['that says what is no version', '\u00e9; rm -rf /'],
  ])('is not told of one %s', async (_, version) => {
    expect(await said(version)).toBe('');
  });
});

describe('a gateway that is more than one minor version away', () => {
  it.each([
    ['newer', far],
    ['of another major version', `${major + 1}.0.0`],
  ])('is told with the next step, also in the log of a job (%s)', async (_, version) => {
    const stderr = await said(version, { terminal: false, env: { CI: 'true' } });
    expect(stderr).toContain(`warning: the gateway is slipway ${version} and this is ${own}: more than one minor`);
    expect(stderr).toContain("\n  next: Use a slipway of the gateway's version");
  });

  it('leaves what programs read alone', async () => {
    expect(await said(far, {}, '--json')).toBe('');
    expect(await said(far, { env: { SLIPWAY_NO_UPDATE_NOTICE: '1' } })).toBe('');
  });
});

describe('the version of the command', () => {
  it.each([
    [{ version: '1.2.3' }, '1.2.3\n'],
    [{ version: '1.2.3', commit: 'abcdef0123456789abcdef0123456789abcdef01' }, '1.2.3 (commit abcdef012345)\n'],
  ])('of %j is %j', (installation, line) => {
    let out = '';
    const io = { ...processIo(new AbortController().signal), stdout: { write: (text: string) => (out += text) } };
    const program = buildProgram(createCli(io, withoutEngine), installation);
    expect(() => program.parse(['--version'], { from: 'user' })).toThrow();
    expect(out).toBe(line);
  });
});

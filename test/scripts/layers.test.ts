import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

const root = resolve(import.meta.dirname, '../..');

/** Path of a file with one line in it → the rule that the line breaks. Targets are made empty. */
const broken: Record<string, [line: string, rule: string]> = {
  'domain/a.ts': ["import 'node:fs';", 'domain-imports-nothing'],
  'domain/b.ts': ["import 'zod';", 'domain-imports-nothing'],
  'domain/c.ts': ["import '../pipeline/target.ts';", 'domain-imports-nothing'],
  'workflows/a.ts': ["import 'zod';", 'workflows-import-only-sdk-domain-and-types'],
  'workflows/b.ts': ["import 'node:crypto';", 'workflows-import-only-sdk-domain-and-types'],
  'workflows/c.ts': ["import '../activities/images/port.ts';", 'workflows-see-activities-as-types'],
  'pipeline/a.ts': ["import 'node:fs';", 'pipeline-is-text-in-plan-out'],
  'pipeline/b.ts': ["import '../activities/images/port.ts';", 'pipeline-is-text-in-plan-out'],
  'activities/scan/a.ts': ["import '../images/port.ts';", 'ports-do-not-know-each-other'],
  'activities/scan/b.ts': ["import '../steps/target.ts';", 'adapters-do-not-know-the-steps'],
  'activities/scan/c.ts': ["import '../../workers/target.ts';", 'activities-import-no-caller'],
  'activities/scan/d.ts': ["import '@temporalio/client';", 'few-talk-to-temporal-as-a-client'],
  'activities/steps/a.ts': ["import '../images/port.ts';", 'steps-and-shared-see-ports-as-types'],
  'activities/shared/b.ts': ["import type { T } from '../images/vendor.ts';", 'steps-and-shared-see-no-adapter'],
  'activities/scan/e.ts': ["import '../delivery/port.ts';", 'ports-do-not-know-each-other'],
  'activities/delivery/a.ts': ["import type { T } from '../images/vendor.ts';", 'deliveries-are-made-of-ports'],
  'activities/delivery/b.ts': ["import '../images/port.ts';", 'deliveries-see-ports-as-types'],
  'activities/delivery/c.ts': ["import '../steps/target.ts';", 'adapters-do-not-know-the-steps'],
  'activities/steps/b.ts': ["import type { T } from '../delivery/kind.ts';", 'steps-and-shared-see-no-adapter'],
  'workers/a.ts': ["import '../activities/images/vendor.ts';", 'compose-is-the-only-place-where-vendors-meet-ports'],
  'workers/b.ts': ["import '../client/gateway/target.ts';", 'workers-do-not-know-clients'],
  'workers/c.ts': ["import '../lab/target.ts';", 'production-never-imports-the-lab'],
  'workers/d.ts': ["import '../test/target.ts';", 'nobody-imports-tests'],
  'workers/e.ts': ["import 'jest';", 'production-needs-no-development-package'],
  'workers/f.ts': ["import './f2.ts';", 'no-cycles'],
  'workers/g.ts': ["import './nowhere.ts';", 'no-broken-import'],
  'client/a.ts': ["import '../workers/target.ts';", 'clients-do-not-know-workers'],
  'activities/shared/a.ts': ["import '../../temporal.config.ts';", 'temporal-config-is-for-hosts'],
};

const allowed: Record<string, string> = {
  'domain/fine.ts': "import './target.ts';",
  'workflows/fine.ts':
    "import '@temporalio/workflow';\nimport '../domain/target.ts';\nimport type { T } from '../activities/images/port.ts';",
  'pipeline/fine.ts': "import 'zod';\nimport 'yaml';\nimport 'node:crypto';\nimport '../domain/target.ts';",
  'activities/steps/fine.ts': "import type { T } from '../images/port.ts';\nimport '../shared/target.ts';",
  'activities/delivery/fine.ts': "import type { T } from '../images/port.ts';\nimport '../shared/target.ts';",
  'activities/lanes/fine.ts': "import '@temporalio/client';",
  'workers/compose.ts': "import '../activities/images/vendor.ts';\nimport '../temporal.config.ts';",
  'client/engine.ts': "import '@temporalio/client';\nimport '../temporal.config.ts';",
  'client/gateway/fine.ts': "import '@temporalio/client';",
  'client/cli/commands/dev.ts': "import '../../../workers/target.ts';\nimport '../../../lab/target.ts';",
  'lab/fine.ts': "import '../activities/images/vendor.ts';\nimport '../workers/target.ts';\nimport 'jest';",
};

const targets = [
  ...['domain', 'pipeline', 'workers', 'lab', 'test', 'client/gateway', 'activities/steps', 'activities/shared'].map(
    (folder) => `${folder}/target.ts`,
  ),
  'activities/images/port.ts',
  'activities/images/vendor.ts',
  'activities/delivery/port.ts',
  'activities/delivery/kind.ts',
  'temporal.config.ts',
];

interface Violation {
  from: string;
  rule: { name: string };
}

describe('the layers', () => {
  let tree: string;
  let violations: Violation[];

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'slipway-layers-'));
    const files = { ...allowed, ...Object.fromEntries(Object.entries(broken).map(([file, [line]]) => [file, line])) };
    for (const target of targets) await put(target, 'export type T = string;\nexport {};');
    for (const [file, text] of Object.entries(files)) await put(file, text);
    await put('workers/f2.ts', "import './f.ts';");
    for (const file of ['package.json', 'tsconfig.json']) await symlink(join(root, file), join(tree, file));
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
    const rules = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', '--preserve-symlinks'];
    const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const { stdout } = await execa(process.execPath, [depcruise, ...rules, '.'], { cwd: tree, reject: false });
    violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  async function put(file: string, text: string) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), `${text}\n`);
  }

  it.each(Object.entries(broken))('refuse the import in %s', (file, [, rule]) => {
    expect(violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it.each(Object.keys(allowed))('accept the imports in %s', (file) => {
    expect(violations.filter(({ from }) => from === file)).toEqual([]);
  });
});

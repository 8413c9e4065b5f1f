import { createContext, runInContext } from 'node:vm';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowBundle } from '../../workers/bundle.ts';
import { rulesOf } from '../../workers/shared-rules.ts';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'slipway-rules-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

/** Runs the bundle as a worker does that keeps the modules of each run apart, and says which module is loaded by whom. */
async function modulesOf(codePath: string) {
  const own = new Set<string>();
  const shared = new Map<string, unknown>();
  let isRun = false;
  const cache = new Proxy(
    {},
    {
      get: (_, name: string) => shared.get(name),
      set: (_, name: string, module) => (isRun ? own.add(name) : shared.set(name, module), true),
    },
  );
  const context = createContext({ __webpack_module_cache__: cache, URL, TextEncoder, TextDecoder, AbortController });
  runInContext(await readFile(codePath, 'utf8'), context);
  runInContext('__TEMPORAL__.preloadModules()', context);
  isRun = true;
  runInContext('__TEMPORAL__.importWorkflows()', context);
  return { shared: [...shared.keys()], own: [...own] };
}

describe('rules that workflows use', () => {
  it('are there once in a worker, and what keeps a state is there for each run', async () => {
    const { codePath } = await workflowBundle(join(work, 'cache'));
    const { shared, own } = await modulesOf(codePath);
    const isRule = (module: string) => module.startsWith('./domain/');
    expect(shared.filter(isRule).length).toBeGreaterThan(20);
    expect(own.filter(isRule)).toEqual([]);
    expect(shared.filter((module) => module.startsWith('./workflows/'))).toEqual([]);
  });

  it('are those that the code imports, and not those whose types it uses', async () => {
    const directory = join(work, 'workflows');
    await mkdir(join(directory, 'phases'), { recursive: true });
    await writeFile(
      join(directory, 'a.ts'),
      "import { a } from '../domain/a.ts';\nimport type { t } from '../domain/t.ts';\n",
    );
    await writeFile(
      join(directory, 'phases/b.ts'),
      "import { sleep } from '@temporalio/workflow';\nimport {\n  b,\n  c,\n} from '../../domain/deep/b.ts';\nimport { a } from '../a.ts';\n",
    );
    expect(await rulesOf(directory)).toEqual([join(work, 'domain/a.ts'), join(work, 'domain/deep/b.ts')]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { buildIdOf } from '../../workers/build-id.ts';

describe('buildIdOf', () => {
  const bundle = (...modules: string[]) =>
    `let modules = ({\n${modules.map((m) => `/***/ "./${m}.ts"\n() {\n${m}\n/***/ }`).join(',\n')}\n\n});\nstart();\n`;
  const id = (...modules: string[]) => buildIdOf(bundle(...modules));

  it.each([
    ['the order of modules', buildIdOf(bundle('one', 'two'))],
    ['a source map', buildIdOf(`${bundle('two', 'one')}//# sourceMappingURL=data:application/json;base64,e30=`)],
  ])('does not look at %s', (_what, other) => {
    expect(other).toBe(id('two', 'one'));
  });

  it.each([
    ['the order of statements', id('a();\nb();'), id('b();\na();')],
    ['what begins it all', buildIdOf(bundle('one').replace('start', 'stop')), id('one')],
    ['which modules there are', id('one'), id('one', 'two')],
  ])('looks at %s', (_what, one, other) => {
    expect(one).not.toBe(other);
  });
});

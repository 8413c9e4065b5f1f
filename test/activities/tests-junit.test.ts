import { describe, expect, it } from '@jest/globals';
import { imageVariable } from '../../activities/tests/compose-tests.ts';
import { readJunit } from '../../activities/shared/junit.ts';

describe('readJunit', () => {
  it.each([
    ['one suite at the top', '<testsuite><testcase name="a"/></testsuite>', 1, []],
    ['no tests at all', '<testsuites/>', 0, []],
    [
      'suites inside suites',
      '<testsuites><testsuite><testsuite><testcase name="a"/><testcase name="b"/></testsuite><testcase name="c"/></testsuite></testsuites>',
      3,
      [],
    ],
    [
      'several suites',
      '<testsuites><testsuite><testcase name="a"/></testsuite><testsuite><testcase name="b"/></testsuite></testsuites>',
      2,
      [],
    ],
    [
      'an error',
      '<testsuite><testcase name="a"><error message="boom"/></testcase></testsuite>',
      1,
      [{ name: 'a', message: 'boom' }],
    ],
    [
      'a failure with text only',
      '<testsuite><testcase classname="k" name="a"><failure>at &lt;x&gt;</failure></testcase></testsuite>',
      1,
      [{ name: 'k › a', message: 'at <x>' }],
    ],
    [
      'an empty failure',
      '<testsuite><testcase name="a"><failure/></testcase></testsuite>',
      1,
      [{ name: 'a', message: '' }],
    ],
    [
      'a failure told as CDATA',
      '<testsuite><testcase name="a"><failure><![CDATA[1 < 2]]></failure></testcase></testsuite>',
      1,
      [{ name: 'a', message: '1 < 2' }],
    ],
    ['skipped tests', '<testsuite><testcase name="a"><skipped/></testcase></testsuite>', 1, []],
    [
      'numbers that are not true',
      '<testsuite tests="9" failures="0"><testcase name="a"><failure/></testcase></testsuite>',
      1,
      [{ name: 'a', message: '' }],
    ],
  ])('reads %s', (_what, text, total, failed) => {
    expect(readJunit(`<?xml version="1.0"?>\n${text}`)).toEqual({ total, failed });
  });

  it.each([
    ['something else', '<html></html>'],
    ['broken XML', '<testsuite><testcase>'],
    ['entities of its own', '<!DOCTYPE x [<!ENTITY a "b">]><testsuite/>'],
    ['no XML', 'ok 1 - a'],
    ['nothing', ''],
  ])('refuses %s', (_what, text) => {
    expect(() => readJunit(text)).toThrow();
  });
});

describe('imageVariable', () => {
  it.each([
    ['core', 'CORE_IMAGE'],
    ['shop-core', 'SHOP_CORE_IMAGE'],
    ['web.v2', 'WEB_V2_IMAGE'],
  ])('%s → %s', (component, expected) => {
    expect(imageVariable(component)).toBe(expected);
  });
});

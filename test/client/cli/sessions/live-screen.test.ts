import { describe, expect, it } from '@jest/globals';
import { liveScreen } from '../../../../client/cli/live-screen.ts';
import { aScreen } from './screen.ts';

/** A picture in a terminal that shows something else above it, with all that is written to it. */
function aPicture(size = { columns: 20, rows: 12 }) {
  const terminal = aScreen(size.columns, size.rows);
  const written: string[] = [];
  terminal.write('$ before\n');
  const stdout = {
    write(text: string) {
      written.push(text);
      terminal.write(text);
    },
  };
  return { screen: liveScreen({ stdout, columns: () => size.columns }), terminal, written };
}

describe('a picture that is drawn over in place', () => {
  it.each([
    [
      'other lines',
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
    ],
    ['more lines', [['a'], ['a', 'b', 'c']]],
    ['fewer lines', [['a', 'b', 'c'], ['c']]],
    [
      'shorter lines',
      [
        ['long line', 'b'],
        ['l', 'b'],
      ],
    ],
    [
      'lines that are folded by the terminal',
      [
        ['x'.repeat(45), 'b'],
        ['y'.repeat(25), 'b'],
        ['z', 'b'],
      ],
    ],
    [
      'lines that are just as long as the terminal is wide',
      [
        ['x'.repeat(20), 'b'],
        ['y'.repeat(20), 'b'],
      ],
    ],
    [
      'wide characters',
      [
        ['注文の重さ', 'b'],
        ['𠮷野家', 'b'],
        ['a', 'b'],
      ],
    ],
    [
      'colours',
      [
        ['\u001b[31mred\u001b[39m', 'b'],
        ['\u001b[32mgreen\u001b[39m', 'b'],
      ],
    ],
  ])('leaves nothing behind of what was there before %s', (_what, frames: string[][]) => {
    const { screen, terminal } = aPicture();
    for (const frame of frames) screen.draw(frame);
    const alone = aScreen(20, 12);
    alone.write(
      `$ before\n${frames
        .at(-1)!
        .map((line) => `${line}\n`)
        .join('')}`,
    );
    expect(terminal.text()).toBe(alone.text());
  });

  it('writes what has changed alone, in one go, and nothing where nothing has', () => {
    const { screen, written } = aPicture();
    screen.draw(['one', 'two', 'three']);
    screen.draw(['one', 'TWO', 'three']);
    screen.draw(['one', 'TWO', 'three']);
    expect(written).toHaveLength(2);
    expect(written[1]).toContain('TWO');
    expect(written[1]).not.toMatch(/one|three/);
  });

  it('shows the cursor between two pictures, whatever ends the process then', () => {
    const { screen, terminal } = aPicture();
    screen.draw(['one']);
    expect(terminal.isCursorShown()).toBe(true);
  });

  it('says things above itself, which stay', () => {
    const { screen, terminal } = aPicture();
    screen.draw(['one', 'two']);
    screen.say(['it failed', 'badly']);
    screen.draw(['one', 'three']);
    expect(terminal.text()).toBe('$ before\nit failed\nbadly\none\nthree');
  });

  it('draws all of it anew in a terminal that has become wider', () => {
    const size = { columns: 20, rows: 12 };
    const { screen, terminal, written } = aPicture(size);
    screen.draw(['one', 'two']);
    size.columns = 30;
    screen.draw(['one', 'two']);
    expect(written.at(-1)).toContain('one\ntwo\n');
    expect(terminal.text()).toBe('$ before\none\ntwo');
  });

  it('is gone from the row on which a terminal has written ^C', () => {
    const { screen, terminal } = aPicture();
    screen.draw(['one']);
    terminal.write('^C');
    screen.close();
    terminal.write('stopped');
    expect(terminal.text()).toBe('$ before\none\nstopped');
  });
});

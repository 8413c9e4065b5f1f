import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../client/gateway/answered.ts';
import { evidenceFiles } from '../../../client/gateway/evidence-files.ts';

/** An answer that is over when the test says so. */
function anAnswer() {
  const answer = Object.assign(new EventEmitter(), { destroyed: false, writableFinished: false });
  return { answer: answer as unknown as Answer, isGone: () => void answer.emit('close') };
}

function aFile(text = 'file') {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let begun = 0;
  const make = () => {
    begun += 1;
    return promise;
  };
  return { make, begun: () => begun, isMade: () => resolve(Buffer.from(text)), fails: () => reject(new Error(text)) };
}

const refused = { status: 429, retryAfterSeconds: 5 };

describe('evidence files that are asked for at once', () => {
  it('are made once for all who ask for the same', async () => {
    const fileOf = evidenceFiles();
    const file = aFile();
    const asked = ['dana', 'kim', 'dana'].map((by) => fileOf({ key: 'a', by }, anAnswer().answer, file.make));
    file.isMade();
    const all = await Promise.all(asked);
    expect([new Set(all).size, file.begun()]).toEqual([1, 1]);
  });

  it('are made one after the other', async () => {
    const fileOf = evidenceFiles();
    const [a, b] = [aFile('a'), aFile('b')];
    const first = fileOf({ key: 'a', by: 'dana' }, anAnswer().answer, a.make);
    const second = fileOf({ key: 'b', by: 'kim' }, anAnswer().answer, b.make);
    b.isMade();
    a.isMade();
    await first;
    expect((await second).toString()).toBe('b');
    const third = aFile('c');
    third.fails();
    await expect(fileOf({ key: 'c', by: 'lee' }, anAnswer().answer, third.make)).rejects.toThrow('c');
  });

  it('are one of each person until that was taken', async () => {
    const fileOf = evidenceFiles();
    const [a, b] = [aFile('a'), aFile('b')];
    const { answer, isGone } = anAnswer();
    const first = fileOf({ key: 'a', by: 'dana' }, answer, a.make);
    const again = () => fileOf({ key: 'b', by: 'dana' }, anAnswer().answer, b.make);
    expect(again).toThrow(expect.objectContaining(refused));
    a.isMade();
    await first;
    expect(again).toThrow(expect.objectContaining(refused));
    isGone();
    b.isMade();
    expect((await again()).toString()).toBe('b');
  });

  it('count until they are made, also where nobody waits for them any more', async () => {
    const fileOf = evidenceFiles();
    const [a, b] = [aFile('a'), aFile('b')];
    const { answer, isGone } = anAnswer();
    const first = fileOf({ key: 'a', by: 'dana' }, answer, a.make);
    isGone();
    const other = () => fileOf({ key: 'b', by: 'dana' }, anAnswer().answer, b.make);
    expect(other).toThrow(expect.objectContaining(refused));
    a.isMade();
    b.isMade();
    await first;
    expect((await other()).toString()).toBe('b');
  });

  it('are few in all', async () => {
    const fileOf = evidenceFiles();
    const file = aFile();
    const ask = (by: string) => fileOf({ key: by, by }, anAnswer().answer, file.make);
    const asked = ['a', 'b', 'c', 'd'].map(ask);
    expect(() => ask('e')).toThrow(expect.objectContaining(refused));
    file.isMade();
    await Promise.all(asked);
  });

  it('are made anew for whoever asks when all have them', async () => {
    const fileOf = evidenceFiles();
    for (const text of ['a', 'b']) {
      const [{ answer, isGone }, file] = [anAnswer(), aFile(text)];
      const asked = fileOf({ key: 'same', by: 'dana' }, answer, file.make);
      file.isMade();
      expect((await asked).toString()).toBe(text);
      isGone();
    }
  });
});

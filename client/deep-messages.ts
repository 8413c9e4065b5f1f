import protobuf from 'protobufjs/minimal.js';

/**
 * How many levels of a message from Temporal are read. Its server passes on what strangers nest: the failure of a step has a cause, which has a
 * cause. The SDK's core reads 100 levels and hands them to Node inside of two more, where the usual limit of 100 ends the worker, and then the
 * next one that gets the task. What is written keeps that limit (`util.recursionLimit`), as core reads no more.
 */
const levels = 200;

/** For every process that talks to Temporal, before it does. */
export function readDeepMessages(): void {
  protobuf.Reader.recursionLimit = levels;
}

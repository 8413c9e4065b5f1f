/** Of one question to the gateway, in ms and bytes. A caller sends a few kilobytes at once: what takes longer, or is larger, is no caller. */
export const questionLimits = {
  headerMs: 10_000,
  requestMs: 20_000,
  idleMs: 60_000,
  /** As long as the command line waits for an answer. */
  sendMs: 30_000,
  headerBytes: 16_384,
  bodyBytes: 256 * 1024,
};

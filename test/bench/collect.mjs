// Loaded ahead of the worker whose memory is measured: on SIGUSR2 every thread of it gives back what nobody uses any more, so that
// what is left is what waiting releases cost, and not what the engine's last minute left behind.
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const channel = new BroadcastChannel('slipway-bench-collect');
channel.onmessage = () => globalThis.gc();
channel.unref();
if (isMainThread) {
  process.on('SIGUSR2', () => {
    channel.postMessage('now');
    globalThis.gc();
  });
}

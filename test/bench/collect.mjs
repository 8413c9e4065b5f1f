// Loaded ahead of the worker whose memory is measured: on SIGHUP every thread of it gives back what nobody uses any more, so that
// what is left is what waiting releases cost, and not what the engine's last minute left behind.
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

// The ordinary collection leaves pages half used; this one gives them back to the system.
const collect = () => globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
const channel = new BroadcastChannel('slipway-bench-collect');
channel.onmessage = collect;
channel.unref();
if (isMainThread) {
  // The SDK takes SIGUSR2 for itself: it ends the workers.
  process.on('SIGHUP', () => {
    channel.postMessage('now');
    collect();
  });
}

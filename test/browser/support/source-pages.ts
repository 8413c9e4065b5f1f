import { join } from 'node:path';
import { startOwned } from '../../../lab/services/processes.ts';
import { notListening, startedAgain, untilReady } from '../../../lab/services/starting.ts';

/** The pages from the files as they lie, for whoever works on them: Vite, as a process of its own, without a gateway. */
export function startSourcePages(directory: string): Promise<{ url: string; stop(): Promise<void> }> {
  const root = join(import.meta.dirname, '../../..');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  return startedAgain(undefined, async (port) => {
    const args = [vite, join(root, 'client/dashboard'), '--host', '127.0.0.1', '--port', String(port), '--strictPort'];
    const owned = await startOwned({ name: 'vite', directory, program: process.execPath, args });
    try {
      await untilReady(owned, 'Vite', () => notListening(owned.pid, port));
      return { url: `http://127.0.0.1:${port}`, stop: () => owned.stop() };
    } catch (error) {
      await owned.stop();
      throw error;
    }
  });
}

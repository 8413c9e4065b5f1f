import { defineConfig } from 'vite';

/** Pages of files alone: no script or style stands in a page, and nothing is asked of anybody but the gateway that sends them. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: 'public',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

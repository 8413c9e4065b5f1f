import { join } from 'node:path';
import webpack from 'webpack';
import { oldestNode } from './oldest-node.mjs';
import { Stop } from '../bootstrap/stop.mjs';

/**
 * Bundles the command with all that it needs into `folder`: what every command loads is one file, what few need are files of their own. Not
 * minified: an error of a user's has lines that can be read. Answers with the files of packages that went in.
 */
export async function bundle(root, folder) {
  const stats = await new Promise((resolve, reject) =>
    webpack(settings(root, folder)).run((error, done) => (error ? reject(error) : resolve(done))),
  );
  if (stats.hasErrors() || stats.hasWarnings())
    throw new Stop(stats.toString({ all: false, errors: true, warnings: true }));
  return [...stats.compilation.modules].flatMap((module) => [module, ...(module.modules ?? [])].flatMap(fileOf));
}

function settings(root, folder) {
  return {
    mode: 'production',
    target: `node${oldestNode}`,
    context: root,
    entry: { slipway: './client/cli/packed.ts' },
    output: {
      path: folder,
      filename: '[name].js',
      chunkFilename: '[name].js',
      module: true,
      chunkFormat: 'module',
      library: { type: 'module' },
    },
    module: {
      // Paths are those of where the package is installed, not of where it was made.
      parser: { javascript: { importMeta: false, url: false } },
      rules: [{ test: /\.ts$/, loader: join(import.meta.dirname, 'strip-types.mjs') }],
    },
    optimization: { minimize: false, moduleIds: 'named', chunkIds: 'named' },
    experiments: { outputModule: true },
    performance: false,
    devtool: false,
  };
}

function fileOf({ resource }) {
  return resource ? [resource] : [];
}

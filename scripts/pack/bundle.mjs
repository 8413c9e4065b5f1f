import { join } from 'node:path';
import webpack from 'webpack';
import { Stop } from '../bootstrap/stop.mjs';

/**
 * Bundles an entry with all that it needs into `folder`: what is always loaded is one file, what few need are files of their own. Not minified:
 * an error of a user's has lines that can be read. `node`: the oldest that it runs on. Answers with the files of packages that went in.
 */
export async function bundle(root, folder, { entry, node }) {
  const stats = await new Promise((resolve, reject) =>
    webpack(settings(root, folder, { entry, node })).run((error, done) => (error ? reject(error) : resolve(done))),
  );
  if (stats.hasErrors() || stats.hasWarnings())
    throw new Stop(stats.toString({ all: false, errors: true, warnings: true }));
  return [...stats.compilation.modules].flatMap((module) => [module, ...(module.modules ?? [])].flatMap(fileOf));
}

function settings(root, folder, { entry, node }) {
  return {
    mode: 'production',
    target: `node${node}`,
    context: root,
    entry,
    // The same names wherever the packages are kept.
    resolve: { symlinks: false },
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

/**
 * Maven's door to npm: `node build/maven.mjs build|test`. Runs npm only when an input has changed since the last
 * success, so that a build of another module stays fast.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'target');
const output = join(target, 'classes', 'META-INF', 'resources');

function* filesUnder(path) {
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = join(path, entry.name);
    if (child === join(root, 'src', 'api', 'generated')) continue;
    if (entry.isDirectory()) yield* filesUnder(child);
    else yield child;
  }
}

function digest(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) {
    const contents = readFileSync(path);
    hash.update(`${relative(root, path)} ${contents.length}\n`).update(contents);
  }
  return hash.digest('hex');
}

function npm(...args) {
  const ended = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CONSOLE_OUTPUT: output },
  });
  if (ended.error?.code === 'ENOENT') {
    console.error(
      'The console needs Node.js 20 or newer with npm on the PATH; or leave it out with -Dconsole.skip',
    );
    process.exit(1);
  }
  if (ended.status !== 0) process.exit(ended.status ?? 1);
}

/** Runs the action unless the stamp, written after its last success, has the same digest. */
function unlessUnchanged(stamp, value, present, action) {
  if (present && existsSync(stamp) && readFileSync(stamp, 'utf8') === value) return;
  rmSync(stamp, { force: true });
  action();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, value);
}

const packages = [join(root, 'package.json'), join(root, 'package-lock.json')];
const sources = [
  ...packages,
  ...['biome.json', 'index.html', 'openapi-ts.config.ts', 'tsconfig.json', 'vite.config.ts'].map((name) =>
    join(root, name),
  ),
  join(root, '..', 'control-plane', 'openapi.yaml'),
  ...['build', 'public', 'src'].flatMap((folder) => [...filesUnder(join(root, folder))]),
];

unlessUnchanged(
  join(root, 'node_modules', '.penstock-installed'),
  digest(packages),
  existsSync(join(root, 'node_modules')),
  () => npm('ci', '--no-fund', '--no-audit', '--loglevel=error'),
);

switch (process.argv[2]) {
  case 'build':
    unlessUnchanged(
      join(target, 'console-built'),
      digest(sources),
      existsSync(join(output, 'index.html')),
      () => {
        npm('run', '--silent', 'check');
        npm('run', '--silent', 'build');
      },
    );
    break;
  case 'test':
    unlessUnchanged(join(target, 'console-tested'), digest(sources), true, () => npm('test', '--silent'));
    break;
  default:
    console.error('build or test?');
    process.exit(2);
}

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snippetsOf } from './snippets';

const connection = {
  servers: '127.77.0.5:9094,127.77.0.6:9094',
  username: 'orders-service-01m81z19',
  topic: 'orders-created',
  caFile: 'orders-ca.pem',
};
const LIMIT = 120_000;
const javac = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/javac') : 'javac';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snippets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const isInstalled = (command: string) => !spawnSync(command, ['--help']).error;

/** The snippet of a language, in a file. */
function written(language: string, file: string) {
  const snippet = snippetsOf(connection).find(({ name }) => name === language);
  if (!snippet) throw new Error(`There is no snippet for ${language}`);
  const path = join(folder, file);
  writeFileSync(path, `${snippet.code}\n`);
  return path;
}

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { timeout: LIMIT, encoding: 'utf8', stdio: 'pipe' });

describe('snippets are programs of their language', { timeout: 2 * LIMIT }, () => {
  it('Node', () => {
    run(process.execPath, '--check', written('Node', 'produce.mjs'));
  });

  it('kcat', () => {
    run('bash', '-n', written('kcat', 'produce.sh'));
  });

  it.runIf(isInstalled(javac))('Java', () => {
    const compiled = spawnSync(javac, ['-proc:none', '-d', folder, written('Java', 'Produce.java')], {
      timeout: LIMIT,
      encoding: 'utf8',
    });
    // Kafka's library is not there. What is no Java at all is said before anything is looked up.
    const errors = compiled.stderr.split('\n').filter((line) => line.includes('error:'));
    expect(errors).not.toEqual([]);
    for (const error of errors) {
      expect(error).toMatch(/package org\.apache\.kafka\.\S+ does not exist|cannot find symbol/);
    }
  });

  it.runIf(isInstalled('python3'))('Python', () => {
    run(
      'python3',
      '-c',
      'import ast, sys; ast.parse(open(sys.argv[1]).read())',
      written('Python', 'produce.py'),
    );
  });

  it.runIf(isInstalled('gofmt'))('Go, formatted as Go is', () => {
    expect(run('gofmt', '-e', '-l', written('Go', 'produce.go'))).toBe('');
  });

  it('Properties', () => {
    const lines = (snippetsOf(connection).at(-1)?.code ?? '').split('\n');
    for (const line of lines.slice(1)) expect(line).toMatch(/^[a-z.]+=\S/);
    expect(lines).toContain(`bootstrap.servers=${connection.servers}`);
  });
});

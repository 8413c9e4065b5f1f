import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lab/kubernetes/command.ts';

/** As PEM. */
export interface Certified {
  cert: string;
  key: string;
}

export interface Authority extends Certified {
  /** Signs a certificate with a key of its own. */
  issue(name: string, wanted: Wanted): Promise<Certified>;
  /** One that may sign itself. */
  authorize(name: string, until: Date): Promise<Authority>;
}

export interface Wanted {
  /** As OpenSSL writes them: `DNS:localhost`, `IP:127.0.0.1`. */
  names: string[];
  /** Default: from yesterday for a hundred days. */
  from?: Date;
  until?: Date;
}

const day = 86_400_000;
const freshKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const maySign = 'basicConstraints=critical,CA:TRUE';

/** One that has signed itself, with its files in a directory of its own. */
export async function anAuthority(directory: string, name = 'test-authority'): Promise<Authority> {
  await mkdir(directory, { recursive: true });
  const [cert, key] = [join(directory, 'ca.pem'), join(directory, 'ca.key')];
  await run('openssl', ['req', '-x509', ...freshKey, '-days', '3650', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert]); // prettier-ignore
  return authorityIn(directory);
}

async function authorityIn(directory: string): Promise<Authority> {
  const file = (name: string) => join(directory, name);
  // `openssl ca` alone signs for times that are over.
  await writeFile(file('index.txt'), '');
  await writeFile(
    file('ca.cnf'),
    [
      ...['[ca]', 'default_ca = own', '[own]', `database = ${file('index.txt')}`, `new_certs_dir = ${directory}`],
      ...['rand_serial = yes', 'default_md = sha256', 'unique_subject = no', 'copy_extensions = copy'],
      ...['policy = any', '[any]', 'commonName = supplied', ''],
    ].join('\n'),
  );
  const sign = async (name: string, extension: string, from: Date, until: Date): Promise<Certified> => {
    const [request, key, cert] = ['csr', 'key', 'pem'].map((end) => file(`${name}.${end}`)) as [string, string, string];
    await run('openssl', ['req', '-new', ...freshKey, '-subj', `/CN=${name}`, '-addext', extension, '-keyout', key, '-out', request]); // prettier-ignore
    const times = ['-startdate', written(from), '-enddate', written(until)];
    const signer = ['-config', file('ca.cnf'), '-cert', file('ca.pem'), '-keyfile', file('ca.key')];
    await run('openssl', ['ca', '-batch', '-notext', ...signer, ...times, '-in', request, '-out', cert]);
    return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
  };
  const yesterday = new Date(Date.now() - day);
  return {
    cert: await readFile(file('ca.pem'), 'utf8'),
    key: await readFile(file('ca.key'), 'utf8'),
    issue: (name, { names, from = yesterday, until = new Date(Date.now() + 100 * day) }) =>
      sign(name, `subjectAltName=${names.join(',')}`, from, until),
    async authorize(name, until) {
      const { cert, key } = await sign(name, maySign, yesterday, until);
      const below = file(`below-${name}`);
      await mkdir(below);
      await Promise.all([writeFile(join(below, 'ca.pem'), cert), writeFile(join(below, 'ca.key'), key)]);
      return authorityIn(below);
    },
  };
}

/** `20260131235959Z`. */
function written(time: Date): string {
  return `${time.toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '')}Z`;
}

import { X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const day = 24 * 3600 * 1000;

/** How long the authority is valid, and the server's certificate, which is new at each start. */
const validity = { authority: 3650 * day, server: 90 * day } as const;

export interface ServerCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** Absolute path of the authority's certificate, for a client's `tls.ca_file`. */
  readonly caFile: string;
}

/**
 * A certificate for this machine, signed by an authority that is made once and kept in `folder`.
 *
 * @param names further ones under which it is called.
 */
export async function serverCertificate(folder: string, names: readonly string[] = []): Promise<ServerCertificate> {
  const caFile = join(folder, 'ca.pem');
  const ca = (await readAuthority(folder)) ?? (await createAuthority(folder));
  const now = Date.now();
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...elliptic,
    notBeforeDate: new Date(now - day),
    notAfterDate: new Date(now + validity.server),
    ca,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: ['localhost', '127.0.0.1', '::1', ...names].map((name) =>
          isIP(name) ? { type: 7, ip: name } : { type: 2, value: name },
        ),
      },
    ],
  });
  return { key, cert, caFile };
}

interface Authority {
  readonly key: string;
  readonly cert: string;
}

const elliptic = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/** The kept authority, unless there is none or it is about to expire. */
async function readAuthority(folder: string): Promise<Authority | undefined> {
  try {
    const cert = await readFile(join(folder, 'ca.pem'), 'utf8');
    const key = await readFile(join(folder, 'ca-key.pem'), 'utf8');
    const expires = Date.parse(new X509Certificate(cert).validTo);
    return expires > Date.now() + validity.server ? { key, cert } : undefined;
  } catch {
    return undefined;
  }
}

async function createAuthority(folder: string): Promise<Authority> {
  const now = Date.now();
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Firesplit local authority' }], {
    ...elliptic,
    notBeforeDate: new Date(now - day),
    notAfterDate: new Date(now + validity.authority),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  await writeWhole(join(folder, 'ca-key.pem'), key, 0o600);
  await writeWhole(join(folder, 'ca.pem'), cert, 0o644);
  return { key, cert };
}

/** A crash in between must not leave half a file behind. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

import { readFile } from 'node:fs/promises';

/** A package as package-lock.json names it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** @throws Error when it is not in package-lock.json */
export async function lockedPackage(name: string): Promise<LockedPackage> {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version && integrity) return { name, version, integrity };
  throw new Error(`package-lock.json has no ${name}: run npm install, with all optional dependencies`);
}

/** Whether a service's name fits a name or a glob, in which `*` stands for any text. */
export function compileGlob(glob: string): (name: string) => boolean {
  const source = glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const pattern = new RegExp(`^${source}$`, 's');
  return (name) => pattern.test(name);
}

/** A variable that infra/functions.yml sets. */
export function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set in the function's environment; infra/functions.yml sets it`);
}

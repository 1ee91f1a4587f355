/**
 * A number of days that an environment variable states, from a parameter in infra/parameters.yml.
 *
 * @throws Error when it is none, or out of its bounds
 */
export function daysOf(
  name: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = Number(text);
  if (value >= min && value <= max) return value;
  const parameter = name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const bounds = Number.isFinite(max) ? `from ${min} to ${max}` : `from ${min}`;
  throw new Error(`the parameter ${parameter} is ${JSON.stringify(text)}; it takes a number of days, ${bounds}`);
}

import { readFileSync } from 'node:fs';
import type { Config } from '../../shared/config/config.js';

/** Set by the build: infra/firesplit.yml, validated. Absent when the source runs unbuilt. */
declare const BUILT_CONFIG: Config | undefined;

/** The configuration this function was built with, or that of the JSON file that CONFIG_FILE names. */
export function deployedConfig(): Config {
  const file = process.env.CONFIG_FILE;
  if (file) return JSON.parse(readFileSync(file, 'utf8')) as Config;
  return typeof BUILT_CONFIG === 'undefined' ? {} : BUILT_CONFIG;
}

import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../shared/config/config.js';
import { loadConfig } from '../../shared/config/load.js';
import { hashesValues } from '../../shared/redact/rule.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import type { StackEmitter } from '../events.js';
import type { Clock } from '../firehose/clock.js';

export interface SettingsOptions {
  /** infra/firesplit.yml, or another file of its kind. */
  readonly config: string;
  /** Folder of rule files. */
  readonly rules: string;
  /** Folder in which the functions find them, compiled. */
  readonly data: string;
  readonly events: StackEmitter;
}

/**
 * The configuration and the rules as the functions here are to read them: those of the files, not those that were built
 * in, and again whenever a file changes.
 */
export class Settings {
  /** Variables that name the compiled files to the functions. */
  readonly variables: { readonly CONFIG_FILE: string; readonly RULES_FILE: string };
  private read = '';
  /** What is in force. */
  private current: Config = {};
  /** What the files looked like when they were last read. */
  private seen = '';
  private ended = false;

  private constructor(private readonly options: SettingsOptions) {
    const { data } = options;
    this.variables = { CONFIG_FILE: join(data, 'config.json'), RULES_FILE: join(data, 'rules.json') };
  }

  /** @throws ConfigError, RuleFileError when there is anything wrong with the files. */
  static async open(options: SettingsOptions): Promise<Settings> {
    const settings = new Settings(options);
    settings.seen = await settings.look();
    await settings.load();
    return settings;
  }

  /**
   * Looks at the files once a second. Polling, because not every file system that a container mounts tells of changes.
   *
   * @param changed called when other settings than before are in place for the functions.
   * @returns what ends it.
   */
  watch(clock: Clock, changed: () => void): () => void {
    let callOff: (() => void) | undefined;
    const again = () => {
      callOff = clock.after(pollInterval, () => {
        this.reload(changed).finally(() => {
          if (!this.ended) again();
        });
      });
    };
    again();
    return () => {
      this.ended = true;
      callOff?.();
    };
  }

  get config(): Config {
    return this.current;
  }

  private async reload(changed: () => void): Promise<void> {
    const { events, config, rules } = this.options;
    const seen = await this.look();
    if (seen === this.seen) return;
    this.seen = seen;
    try {
      if (!(await this.load()) || this.ended) return;
      changed();
      events.emit('reloaded', { config, rules });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      events.emit('problem', `${reason}\nwhat was in force before stays so until this is mended`);
    }
  }

  /** @returns whether they say anything else than before. */
  private async load(): Promise<boolean> {
    const config = await loadConfig(this.options.config);
    const rules = await loadRules(this.options.rules, config.alerts);
    const read = JSON.stringify([config, rules]);
    if (read === this.read) return false;
    await replaceFile(this.variables.CONFIG_FILE, JSON.stringify(config));
    await replaceFile(this.variables.RULES_FILE, JSON.stringify(rules));
    this.read = read;
    this.current = config;
    if (hashesValues(config.redact) && !process.env.REDACT_HASH_KEY) {
      this.options.events.emit('problem', unkeyedHash(this.options.config));
    }
    return true;
  }

  /** The files with their times and sizes; of one that is gone or can't be read only the name. */
  private async look(): Promise<string> {
    const { config, rules } = this.options;
    const names = await readdir(rules).catch(() => []);
    const files = [config, ...names.sort().map((name) => join(rules, name))];
    const stamps = files.map(async (file) => {
      const found = await stat(file).catch(() => undefined);
      return [file, found?.mtimeMs, found?.size].join();
    });
    return (await Promise.all(stamps)).join('\n');
  }
}

/** What to tell of rules that hash while there is nothing to hash with. */
export function unkeyedHash(config: string): string {
  return `redaction rules of ${config} hash, and REDACT_HASH_KEY is not set: they replace instead; set it to any secret to see hashes`;
}

const pollInterval = 1000;

/** A function that starts meanwhile finds the old file or the new one, never half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

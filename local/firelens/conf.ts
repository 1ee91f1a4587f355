/** A section of a Fluent Bit configuration in the classic format: `[OUTPUT]` and the lines below it. */
export interface ConfSection {
  /** In upper case, without brackets: `SERVICE`, `FILTER`, `OUTPUT`. */
  readonly kind: string;
  /** By key in lower case, since Fluent Bit ignores its case; the last one counts. */
  readonly settings: ReadonlyMap<string, string>;
}

/** What a file of Fluent Bit's classic format says. Lines outside of a section, such as `@INCLUDE`, are left out. */
export function parseConf(text: string): ConfSection[] {
  const sections: { kind: string; settings: Map<string, string> }[] = [];
  for (const line of meaningfulLines(text)) {
    const head = /^\[(\w+)\]$/.exec(line)?.[1];
    if (head !== undefined) sections.push({ kind: head.toUpperCase(), settings: new Map() });
    const [, key, value = ''] = /^([\w.]+)(?:\s+(.*))?$/.exec(line) ?? [];
    if (head === undefined && key !== undefined) sections.at(-1)?.settings.set(key.toLowerCase(), value);
  }
  return sections;
}

/** The same configuration without comments, blank lines and alignment, for places where every byte counts. */
export function compactConf(text: string): string {
  return meaningfulLines(text)
    .map((line) => (line.startsWith('[') || line.startsWith('@') ? line : ` ${line.replace(/\s+/, ' ')}`))
    .join('\n');
}

/** A key of `[SERVICE]`; a configuration may have several such sections, of which the last one counts. */
export function serviceSetting(conf: readonly ConfSection[], key: string): string | undefined {
  return sectionsOf(conf, 'SERVICE')
    .map(({ settings }) => settings.get(key))
    .findLast((value) => value !== undefined);
}

export function sectionsOf(conf: readonly ConfSection[], kind: string): ConfSection[] {
  return conf.filter((section) => section.kind === kind);
}

/** Names of the environment variables that the text needs: `${NAME}`. */
export function variablesOf(text: string): string[] {
  const names = [
    ...meaningfulLines(text)
      .join('\n')
      .matchAll(/\$\{(\w+)\}/g),
  ].map(([, name = '']) => name);
  return [...new Set(names)];
}

/** Bytes of a size such as `16M` or `2G`; undefined when it is none. Fluent Bit counts in powers of ten. */
export function sizeOf(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(\d+)\s*([KMG]?)B?$/i.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * 1000 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
}

function meaningfulLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

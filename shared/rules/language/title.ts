const placeholder = /\{([a-z_]+|fields\.[^{}]+)\}/g;

/** The names that a title asks to be filled in. */
export function titleNames(title: string): string[] {
  return [...title.matchAll(placeholder)].map(([, name = '']) => name);
}

/** Fills a title in; a name without a value stays visible as `(no name)`, because a gap would read as a value. */
export function fillTitle(title: string, valueFor: (name: string) => string | undefined): string {
  return title.replace(placeholder, (_, name: string) => valueFor(name) || `(no ${name})`);
}

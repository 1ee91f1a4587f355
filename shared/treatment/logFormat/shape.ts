/**
 * What a value looks like where it stands without quotes. A `fixed` one is told by itself, by an expression that reads no
 * more than some thousand characters; a `run` is told by what comes after it.
 *
 * Classes are the inside of a bracket expression: `^\\s"` for any character but a space and a quote.
 */
export type Shape =
  | {
      readonly kind: 'fixed';
      readonly source: string;
      /** What it may start with. */
      readonly first: string;
      /** What could be taken for more of it; absent when its end is certain. */
      readonly more?: string;
      readonly isNumber?: boolean;
    }
  | {
      readonly kind: 'run';
      /** What it may hold; absent for anything. */
      readonly holds?: string;
      /** What it may start with, when that is less. */
      readonly first?: string;
      /** What it may hold where another value follows at once; absent when nothing tells the two apart. */
      readonly abutting?: string;
      /** Whether it may be an IPv6 address in brackets, which holds the colon that tells a port from it. */
      readonly mayBeBracketed?: boolean;
    };

/** The source of an expression for a text as it stands. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Anything up to what comes next. */
export const anything: Shape = { kind: 'run' };
/** A text without spaces. */
export const word: Shape = { kind: 'run', holds: '^\\s"' };
/** A name or an address of a host, maybe with a port. */
export const host: Shape = { kind: 'run', holds: '^\\s"', abutting: '^\\s"/?', mayBeBracketed: true };
export const address: Shape = { kind: 'run', holds: '\\w.:\\[\\]%-', abutting: '\\w.:\\[\\]%-' };
export const method: Shape = { kind: 'run', holds: '\\w-', abutting: 'A-Z_' };
export const scheme: Shape = { kind: 'run', holds: 'a-z\\d+.-', abutting: 'a-z' };
/** A target as the client sent it. */
export const target: Shape = { kind: 'run', holds: '^\\s"', first: '/' };
/** A path after its decoding, in which a space may stand. */
export const path: Shape = { kind: 'run', first: '/', abutting: '^?\\s"' };
/** `?a=b`, or nothing. */
export const markedQuery: Shape = { kind: 'run', holds: '^\\s"', first: '?' };
export const isArgs: Shape = { kind: 'fixed', source: '\\??', first: '?' };

export const status: Shape = { kind: 'fixed', source: '\\d{3}', first: '\\d', isNumber: true };
export const count: Shape = { kind: 'fixed', source: '\\d{1,20}', first: '\\d', more: '\\d', isNumber: true };
export const decimal: Shape = {
  ...{ kind: 'fixed', source: '\\d{1,15}(?:\\.\\d{1,9})?' },
  ...{ first: '\\d', more: '\\d.', isNumber: true },
};
export const commonTime: Shape = {
  ...{ kind: 'fixed', source: '\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}' },
  first: '\\d',
};
export const isoTime: Shape = {
  ...{ kind: 'fixed', source: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)' },
  first: '\\d',
};

/**
 * One value for each upstream that was tried: `0.004, 0.010`; ` : ` stands between those of one location and the next.
 *
 * @param item may match a text in one way only: else thirty of them could be tried in a billion
 */
function listOf(item: string): Shape {
  return { kind: 'fixed', source: `${item}(?:(?:, | : )${item}){0,30}`, first: '^\\s,"', more: '^"', isNumber: true };
}

export const times: Shape = listOf('(?:\\d{1,12}\\.\\d{1,6}|-)');
export const counts: Shape = listOf('(?:\\d{1,20}|-)');
/** It ends at the first place where it may, which is not within the brackets of an IPv6 address. */
const anyItem = '(?:\\[[\\da-fA-F:.]{2,45}\\][^\\s,"]{0,255}?|[^\\s,"[][^\\s,"]{0,255}?)';
/** A socket may also be a path, and a group without a server is there by its name. */
export const sockets: Shape = listOf(anyItem);
/** The client, and the proxies that a request came through. */
export const forwarded: Shape = {
  ...{ kind: 'fixed', source: `${anyItem}(?:, ?${anyItem}){0,30}` },
  ...{ first: '^\\s,"', more: '^"' },
};

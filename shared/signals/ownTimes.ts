/** From when to when lines are stored whose clock is off, by their own times; ms since the epoch. */
export interface OwnTimes {
  readonly first: number;
  readonly last: number;
}

export function joinOwn(a: OwnTimes | undefined, b: OwnTimes | undefined): OwnTimes | undefined {
  return a && b ? { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) } : (a ?? b);
}

export function ownField(own: OwnTimes | undefined): { readonly own?: OwnTimes } {
  return own ? { own } : {};
}

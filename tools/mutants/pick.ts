import { createHash } from 'node:crypto';
import { describeMutant, type Mutant } from './mutant.js';

/** Some of the mutants, by file and line. The draw of each depends on itself and the seed alone: a change to another file changes none. */
export function pick(mutants: readonly Mutant[], count: number, seed: string): Mutant[] {
  const drawn = mutants
    .map((mutant, index) => ({ mutant, index, draw: draw(mutant, seed) }))
    .sort((a, b) => (a.draw < b.draw ? -1 : 1))
    .slice(0, count);
  return drawn.sort((a, b) => a.index - b.index).map(({ mutant }) => mutant);
}

function draw(mutant: Mutant, seed: string): string {
  return createHash('sha256')
    .update(`${seed} ${describeMutant(mutant)}`)
    .digest('hex');
}

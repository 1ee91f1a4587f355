import pc from 'picocolors';
import { counted } from '../../shared/text/wording.js';
import { printable } from '../terminal/printable.js';
import { wrapWords } from '../terminal/wrapWords.js';
import { type Effect, type Finding, isGrave } from './check/finding.js';

const colours: Readonly<Record<Effect, (text: string) => string>> = {
  'loses lines': pc.red,
  'does not start': pc.red,
  'doubles lines': pc.yellow,
  advice: pc.cyan,
};

/** The findings for the terminal, and what they come to. `name` says what was checked. */
export function renderFindings(name: string, findings: readonly Finding[]): string {
  const grave = findings.filter(isGrave).length;
  const lines = findings.flatMap(findingLines);
  if (findings.length === 0) return `${pc.green('✓')} ${name}: nothing to mend`;
  const end =
    grave > 0
      ? `${pc.red('✗')} ${name}: ${counted(grave, 'finding')} that ${grave === 1 ? 'loses' : 'lose'} lines or ${grave === 1 ? 'keeps' : 'keep'} the task from starting, ${findings.length - grave} others`
      : `${pc.green('✓')} ${name}: nothing found that loses lines, ${counted(findings.length, 'finding')} to look at`;
  return [...lines, end].join('\n');
}

function findingLines({ effect, path, problem, remedy, source, rule }: Finding): string[] {
  const indented = (text: string) => wrapWords(printable(text), 110).map((line) => `    ${line}`);
  return [
    `${colours[effect](effect)} ${pc.bold(printable(path || '(all of it)'))} ${pc.dim(rule)}`,
    ...indented(problem),
    ...indented(`→ ${remedy}`),
    pc.dim(`    ${source}`),
    '',
  ];
}

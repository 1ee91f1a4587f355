import type { DefaultRule } from '../../shared/redact/defaultRule.js';
import { defaultRules } from '../../shared/redact/defaults.js';
import { personalRules } from '../../shared/redact/personal.js';
import { providerTokens } from '../../shared/redact/providerTokens.js';

/** docs/redaction.md: the rules with their examples, which the tests hold them to. */
export const redactionSections = {
  rules: () => table(defaultRules),
  tokens: () => [
    '',
    '| Of | Known by |',
    '| --- | --- |',
    ...providerTokens.map(({ of, prefixes }) => `| ${of} | ${prefixes.map(code).join(', ')} |`),
    '',
  ],
  personal: () => table(Object.values(personalRules)),
} as const;

function table(rules: readonly DefaultRule[]): string[] {
  return [
    '',
    '| Rule | What | Examples |',
    '| --- | --- | --- |',
    ...rules.map(({ name, doc, examples }) => `| \`${name}\` | ${doc} | ${examples.map(example).join('<br>')} |`),
    '',
  ];
}

function example([text, redacted]: DefaultRule['examples'][number]): string {
  return text === redacted ? `${code(text)} stays` : `${code(text)} → ${code(redacted)}`;
}

/** What looks like a token is cut short, so that no scanner of repositories takes it for one. */
function code(text: string): string {
  return `\`${text.replace(/[\w-]{30,}/g, (token) => `${token.slice(0, 8)}…`).replaceAll('|', '\\|')}\``;
}

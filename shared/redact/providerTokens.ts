import type { Word } from '../text/wordScanner.js';
import { tokenStart } from './defaultRule.js';
import { goesOn, isDigit, isHexDigit, isTokenChar, prefixWord } from './prefixWord.js';

/** A kind of token that says whose it is. */
export interface ProviderToken {
  readonly of: string;
  /** As it is known by. */
  readonly prefixes: readonly string[];
  /** A regular expression of the whole token. */
  readonly pattern: string;
  /** Made up, of parts that no scanner of repositories takes for a real one. */
  readonly example: string;
  /** A regular expression of what stands before the token; without it, whatever ends a word does. */
  readonly behind?: string;
  /** Whether only hexadecimal digits follow the prefix. */
  readonly isHex?: true;
  /** What tells of the token where it does not begin with its prefix. */
  readonly announcedBy?: readonly Word[];
}

/** `length` characters that look drawn at random. */
function made(length: number, alphabet = 'aB3dE5fG7hJ9kL2mN4pQ6rS8tU'): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 2)) % alphabet.length]).join('');
}

const hex = 'a1b2c3d4e5f60798';
const lower = 'a1b2c3d4e5f6g7h8j9k';
const digits = '4815162342';

/** Formats as their issuers publish them, or show them in the examples of their pages. */
export const providerTokens: readonly ProviderToken[] = [
  // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
  {
    of: 'GitHub',
    prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: String.raw`gh[pousr]_\w{20,255}|github_pat_\w{20,255}`,
    example: `ghp_${made(36)}`,
  },
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  {
    of: 'GitLab',
    prefixes: [
      ...['glpat-', 'gloas-', 'gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glwt-'],
      ...['glsoat-', 'glffct-', 'GR1348941'],
    ],
    pattern: String.raw`gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[\w-]{20,255}(?:\.[\w.-]{1,100})?|GR1348941[\w-]{20}`,
    example: `glpat-${made(20)}`,
  },
  // https://api.slack.com/authentication/token-types
  {
    of: 'Slack',
    prefixes: ['xoxa-', 'xoxb-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    pattern: String.raw`(?:xoxe\.)?xox[abcdeoprs]-[\w%-]{10,255}|xapp-[\w-]{10,255}`,
    example: `xoxb-${made(12, digits)}-${made(24)}`,
  },
  // https://api.slack.com/messaging/webhooks
  {
    of: 'Slack webhooks',
    prefixes: ['hooks.slack.com'],
    behind: String.raw`hooks\.slack(?:-gov)?\.com\/`,
    pattern: String.raw`(?:services|workflows|triggers)\/[\w/-]{10,255}`,
    example: `https://hooks.slack.com/services/${made(9)}/${made(9)}/${made(24)}`,
    announcedBy: [{ word: 'hooks', confirm: (text, after) => text.startsWith('.slack', after) }],
  },
  // https://docs.stripe.com/keys and https://docs.stripe.com/webhooks
  {
    of: 'Stripe',
    prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_', 'pk_test_', 'whsec_'],
    pattern: String.raw`[spr]k_(?:live|test)_\w{10,255}|whsec_[\w+/=-]{20,255}`,
    example: `sk_live_${made(24)}`,
  },
  // https://www.twilio.com/docs/glossary/what-is-a-sid
  {
    of: 'Twilio',
    prefixes: ['SK'],
    pattern: 'SK[0-9a-f]{32}(?![0-9A-Za-z])',
    example: `SK${made(32, hex)}`,
    announcedBy: [...'0123456789abcdef'].map((digit) => prefixWord(`sk${digit}`, isHexDigit)),
  },
  // https://docs.sendgrid.com/ui/account-and-settings/api-keys
  {
    of: 'SendGrid',
    prefixes: ['SG.'],
    pattern: String.raw`SG\.[\w-]{16,32}\.[\w-]{16,64}`,
    example: `SG.${made(22)}.${made(43)}`,
  },
  // https://documentation.mailgun.com/docs/mailgun/api-reference/authentication
  {
    of: 'Mailgun',
    isHex: true,
    prefixes: ['key-'],
    pattern: 'key-[0-9a-f]{32}(?![0-9A-Za-z])',
    example: `key-${made(32, hex)}`,
  },
  // https://mailchimp.com/developer/marketing/docs/fundamentals/
  {
    of: 'Mailchimp',
    prefixes: ['-us1'],
    pattern: String.raw`[0-9a-f]{32}-us\d{1,2}(?![\w-])`,
    example: `${made(32, hex)}-us12`,
    announcedBy: [...'123456789'].map((digit) => ({ word: `-us${digit}` })),
  },
  // https://platform.openai.com/docs/api-reference/authentication and https://docs.anthropic.com/en/api/getting-started
  {
    of: 'OpenAI, Anthropic, OpenRouter',
    prefixes: ['sk-'],
    pattern: String.raw`sk-(?:proj-|svcacct-|admin-|None-|ant-|or-|live-|test-)[\w-]{16,255}|sk-[A-Za-z0-9]{32,64}`,
    example: `sk-proj-${made(40)}`,
  },
  // https://docs.npmjs.com/about-access-tokens
  { of: 'npm', prefixes: ['npm_'], pattern: 'npm_[A-Za-z0-9]{30,255}', example: `npm_${made(36)}` },
  // A macaroon in base64 behind the prefix that the index gives its API tokens.
  {
    of: 'PyPI',
    prefixes: ['pypi-'],
    pattern: String.raw`pypi-[\w-]{40,255}`,
    example: `pypi-AgEIcHlwaS5vcmc${made(60)}`,
  },
  // https://guides.rubygems.org/api-key-scopes/
  {
    of: 'RubyGems',
    prefixes: ['rubygems_'],
    pattern: 'rubygems_[0-9a-f]{40,64}',
    example: `rubygems_${made(48, hex)}`,
  },
  // https://docs.docker.com/security/access-tokens/
  {
    of: 'Docker',
    prefixes: ['dckr_pat_', 'dckr_oat_'],
    pattern: String.raw`dckr_[po]at_[\w-]{20,64}`,
    example: `dckr_pat_${made(27)}`,
  },
  // https://shopify.dev/changelog/app-secret-key-length-has-increased
  {
    of: 'Shopify',
    prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32,64}',
    example: `shpat_${made(32, hex)}`,
  },
  // https://docs.digitalocean.com/reference/api/create-personal-access-token/
  {
    of: 'DigitalOcean',
    prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: 'do[opr]_v1_[0-9a-f]{40,64}',
    example: `dop_v1_${made(64, hex)}`,
  },
  // https://docs.databricks.com/dev-tools/auth/pat.html
  {
    of: 'Databricks',
    isHex: true,
    prefixes: ['dapi'],
    pattern: String.raw`dapi[0-9a-f]{32}(?:-\d)?(?![0-9A-Za-z])`,
    example: `dapi${made(32, hex)}`,
  },
  // https://huggingface.co/docs/hub/security-tokens
  {
    of: 'Hugging Face',
    prefixes: ['hf_', 'api_org_'],
    pattern: 'hf_[A-Za-z0-9]{30,64}|api_org_[A-Za-z0-9]{30,64}',
    example: `hf_${made(34)}`,
  },
  // https://grafana.com/docs/grafana/latest/administration/service-accounts/ ; `eyJrIjoi` begins the older keys.
  {
    of: 'Grafana',
    prefixes: ['glsa_', 'glc_', 'eyJrIjoi'],
    pattern: String.raw`glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_[\w+/=-]{32,400}|eyJrIjoi[\w+/=-]{40,400}`,
    example: `glsa_${made(32)}_${made(8, hex)}`,
  },
  // https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes
  {
    of: 'Vault',
    prefixes: ['hvs.', 'hvb.', 'hvr.', 's.'],
    announcedBy: [
      ...['hvs.', 'hvb.', 'hvr.'].map((prefix) => prefixWord(prefix, isTokenChar)),
      { word: 'vault', confirm: hasOldVaultToken },
    ],
    pattern: String.raw`hv[sbr]\.[\w-]{20,300}|s\.(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24}(?![A-Za-z0-9])`,
    example: `hvs.${made(24)}`,
  },
  // https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
  {
    of: 'Terraform Cloud',
    announcedBy: [{ word: '.atlasv1.' }],
    prefixes: ['.atlasv1.'],
    pattern: String.raw`[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{50,80}`,
    example: `${made(14)}.atlasv1.${made(67)}`,
  },
  // https://cloud.google.com/docs/authentication/api-keys and https://cloud.google.com/docs/authentication/token-types
  {
    of: 'Google',
    prefixes: ['AIza', 'ya29.', 'GOCSPX-'],
    pattern: String.raw`AIza[\w-]{35}|ya29\.[\w.-]{20,2000}|GOCSPX-[\w-]{20,40}`,
    example: `AIza${made(35)}`,
  },
  // https://learn.microsoft.com/azure/storage/common/storage-sas-overview
  {
    of: 'Azure SAS',
    prefixes: ['sig='],
    announcedBy: [{ word: 'sig=' }],
    behind: '(?:^|[?&;])sig=',
    pattern: '[A-Za-z0-9%+/=_-]{20,255}',
    example: `https://shop.blob.core.windows.net/a?sv=2024-11-04&sig=${made(43)}%3D`,
  },
  // https://discord.com/developers/docs/resources/webhook and https://discord.com/developers/docs/reference#authentication
  {
    of: 'Discord webhooks',
    prefixes: ['/api/webhooks/'],
    behind: String.raw`discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{15,22}\/`,
    pattern: String.raw`[\w-]{40,100}`,
    example: `https://discord.com/api/webhooks/${made(18, digits)}/${made(68)}`,
    announcedBy: [{ word: 'webhooks', confirm: isOfDiscord }],
  },
  {
    of: 'Discord bots',
    prefixes: ['Bot '],
    pattern: String.raw`[MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}`,
    example: `discord: Bot M${made(25)}.${made(6)}.${made(38)}`,
    announcedBy: [{ word: 'discord', confirm: hasBotTokenBehind }],
  },
  // https://core.telegram.org/bots/api#authorizing-your-bot
  {
    of: 'Telegram bots',
    prefixes: [':AA'],
    behind: String.raw`(?:${tokenStart}|\bbot)`,
    pattern: String.raw`\d{8,10}:AA[\w-]{32,34}`,
    example: `${made(10, digits)}:AA${made(33)}`,
    announcedBy: [
      {
        word: ':aa',
        confirm: (text, after, end) => isDigit(text.charCodeAt(after - 4)) && goesOn(text, after, end, isTokenChar),
      },
    ],
  },
  // https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
  {
    of: 'New Relic',
    prefixes: ['NRAK-', 'NRJS-', 'NRII-', 'NRAA-'],
    pattern: String.raw`NR(?:AK|JS|II|AA)-[\w-]{16,64}`,
    example: `NRAK-${made(27, 'A1B2C3D4E5F6')}`,
  },
  // https://linear.app/developers/graphql
  {
    of: 'Linear',
    prefixes: ['lin_api_', 'lin_oauth_'],
    pattern: 'lin_(?:api|oauth)_[A-Za-z0-9]{32,80}',
    example: `lin_api_${made(40)}`,
  },
  // https://developers.notion.com/reference/authentication
  {
    of: 'Notion',
    prefixes: ['secret_', 'ntn_'],
    pattern: 'secret_[A-Za-z0-9]{40,60}|ntn_[A-Za-z0-9]{40,60}',
    example: `ntn_${made(46)}`,
  },
  // https://www.figma.com/developers/api#access-tokens
  {
    of: 'Figma',
    prefixes: ['figd_', 'figo_', 'figu_'],
    pattern: String.raw`fig[dou]_[\w-]{30,80}`,
    example: `figd_${made(40)}`,
  },
  // https://developer.squareup.com/docs/build-basics/access-tokens
  {
    of: 'Square',
    prefixes: ['EAAA', 'sq0atp-', 'sq0csp-', 'sq0idp-'],
    pattern: String.raw`EAAA[\w-]{56,80}|sq0(?:atp|csp|idp)-[\w-]{22,60}`,
    example: `sq0atp-${made(22)}`,
  },
  // https://docs.doppler.com/reference/auth-token-formats
  {
    of: 'Doppler',
    prefixes: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    announcedBy: [prefixWord('dp.', isTokenChar)],
    pattern: String.raw`dp\.(?:pt|ct|sa|scim|audit|st(?:\.[\w-]{1,40})?)\.[A-Za-z0-9]{40,48}`,
    example: `dp.pt.${made(43)}`,
  },
  // https://planetscale.com/docs/concepts/service-tokens
  {
    of: 'PlanetScale',
    prefixes: ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'],
    pattern: String.raw`pscale_(?:tkn|pw|oauth)_[\w.=-]{30,80}`,
    example: `pscale_tkn_${made(43)}`,
  },
  // https://supabase.com/docs/guides/api/api-keys
  {
    of: 'Supabase',
    prefixes: ['sbp_', 'sb_secret_'],
    pattern: String.raw`sbp_(?:v0_)?[0-9a-f]{40}|sb_secret_[\w-]{20,60}`,
    example: `sbp_${made(40, hex)}`,
  },
  // https://age-encryption.org/v1
  {
    of: 'age',
    prefixes: ['AGE-SECRET-KEY-'],
    pattern: 'AGE-SECRET-KEY-1[0-9A-Z]{50,70}',
    example: `AGE-SECRET-KEY-1${made(58, 'QPZRY9X8GF2TVDW0S3JN')}`,
  },
  // https://docs.fly.io/reference/tokens and https://fly.io/docs/security/tokens/
  {
    of: 'Fly.io',
    prefixes: ['fm1_', 'fm2_', 'fo1_'],
    pattern: String.raw`(?:fm[12]|fo1)_[\w+/=-]{40,700}`,
    example: `fo1_${made(43)}`,
  },
  // https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
  {
    of: 'Atlassian',
    prefixes: ['ATATT3', 'ATCTT3', 'ATBB'],
    pattern: String.raw`AT[AC]TT3[\w=-]{60,255}|ATBB[A-Za-z0-9]{28,40}`,
    example: `ATATT3${made(100)}`,
  },
  // https://developer.paypal.com/braintree/docs
  {
    of: 'Braintree',
    prefixes: ['access_token$'],
    pattern: String.raw`access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}`,
    example: `access_token$production$${made(16, lower)}$${made(32, hex)}`,
  },
  // https://docs.sentry.io/account/auth-tokens/
  {
    of: 'Sentry',
    prefixes: ['sntrys_', 'sntryu_'],
    pattern: String.raw`sntry[su]_[\w+/=-]{40,300}`,
    example: `sntryu_${made(64, hex)}`,
  },
  // https://learning.postman.com/docs/developer/postman-api/authentication/
  {
    of: 'Postman',
    prefixes: ['PMAK-'],
    pattern: 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}',
    example: `PMAK-${made(24, hex)}-${made(34, hex)}`,
  },
  // https://tailscale.com/kb/1085/auth-keys
  {
    of: 'Tailscale',
    prefixes: ['tskey-'],
    pattern: 'tskey-(?:[a-z]{2,12}-)?[A-Za-z0-9]{10,30}-[A-Za-z0-9]{16,60}',
    example: `tskey-auth-${made(14)}-${made(32)}`,
  },
  // https://console.groq.com/docs/quickstart
  { of: 'Groq', prefixes: ['gsk_'], pattern: 'gsk_[A-Za-z0-9]{40,60}', example: `gsk_${made(52)}` },
  // https://replicate.com/docs/topics/security/api-tokens
  { of: 'Replicate', prefixes: ['r8_'], pattern: 'r8_[A-Za-z0-9]{35,45}', example: `r8_${made(37)}` },
  // https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/
  { of: 'Pulumi', prefixes: ['pul-'], pattern: 'pul-[0-9a-f]{40}', example: `pul-${made(40, hex)}` },
];

/** Tokens of before Vault 1.10 begin with too short a word to be looked for. */
function hasOldVaultToken(text: string, after: number, end: number): boolean {
  return /s\.[A-Za-z0-9]{24}/.test(text.slice(after, Math.min(end, after + 300)));
}

function isOfDiscord(text: string, after: number): boolean {
  return /discord/i.test(text.slice(Math.max(0, after - 60), after));
}

function hasBotTokenBehind(text: string, after: number, end: number): boolean {
  return /[MNO][A-Za-z\d]{23,27}\./.test(text.slice(after, Math.min(end, after + 300)));
}

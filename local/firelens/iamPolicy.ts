/** A statement of an IAM policy, as far as it can be read. */
export interface PolicyStatement {
  readonly isDeny: boolean;
  readonly isConditional: boolean;
  readonly actions: Listed;
  readonly resources: Listed;
}

/** What a statement is about: what is listed, or with `Not…` all else. */
interface Listed {
  readonly isNot: boolean;
  readonly patterns: readonly string[];
}

/**
 * The statements of a policy document, of what `aws iam get-role-policy` or `get-policy-version` prints, or of a list of these.
 * Never throws; of what is no policy there are none.
 */
export function statementsOf(policy: unknown): PolicyStatement[] {
  if (Array.isArray(policy)) return policy.flatMap((each) => statementsOf(each));
  if (typeof policy !== 'object' || policy === null) return [];
  const fields = policy as Readonly<Record<string, unknown>>;
  const inside = [fields.PolicyDocument, fields.Document, fields.PolicyVersion].find((each) => each !== undefined);
  if (inside !== undefined) return statementsOf(inside);
  return listOf(fields.Statement).flatMap((statement) =>
    typeof statement === 'object' && statement !== null ? [readStatement(statement as Fields)] : [],
  );
}

/**
 * Whether the statements allow an action on a resource, whose parts may be unknown (`*`). A condition is taken to hold where it
 * allows and not where it denies: it can't be seen from here.
 */
export function allows(statements: readonly PolicyStatement[], action: string, resource: string): boolean {
  const about = statements.filter(
    ({ actions, resources }) =>
      covers(actions, (pattern) => glob(pattern.toLowerCase(), action.toLowerCase())) &&
      covers(resources, (pattern) => arnMatches(pattern, resource)),
  );
  return about.some(({ isDeny }) => !isDeny) && !about.some(({ isDeny, isConditional }) => isDeny && !isConditional);
}

type Fields = Readonly<Record<string, unknown>>;

function readStatement(fields: Fields): PolicyStatement {
  return {
    isDeny: fields.Effect === 'Deny',
    isConditional: fields.Condition !== undefined,
    actions: listed(fields, 'Action'),
    resources: listed(fields, 'Resource'),
  };
}

function listed(fields: Fields, key: string): Listed {
  const isNot = fields[key] === undefined;
  const patterns = listOf(isNot ? fields[`Not${key}`] : fields[key]).filter((each) => typeof each === 'string');
  return { isNot: isNot && fields[`Not${key}`] !== undefined, patterns };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function covers({ isNot, patterns }: Listed, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== isNot;
}

/** Part by part, so that an account that is not known here matches any. */
function arnMatches(pattern: string, resource: string): boolean {
  if (pattern === '*') return true;
  const wanted = partsOf(pattern);
  return partsOf(resource).every(
    (part, at) => part === '*' || part === 'deliverystream/*' || glob(wanted[at] ?? '', part),
  );
}

/** The six parts of an ARN; the last one may have colons. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** `*` stands for any text and `?` for one character. */
function glob(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

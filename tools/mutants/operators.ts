import ts from 'typescript';

/** What to put in the place of a node. */
export interface Replacement {
  readonly node: ts.Node;
  readonly text: string;
}

/**
 * The usual operators of mutation testing, by name: each gives its replacements for one node, or none. Texts are left
 * alone: most of them are names and messages, and emptying them would crowd out what decides.
 */
export const operators: Readonly<Record<string, (node: ts.Node) => readonly Replacement[]>> = {
  condition: negatedCondition,
  not: withoutNot,
  logical: swapped([
    ['&&', '||'],
    ['||', '&&'],
  ]),
  default: withoutDefault,
  'optional-chain': withoutOptionalChain,
  equality: swapped([
    ['===', '!=='],
    ['!==', '==='],
  ]),
  boundary: swapped([
    ['<', '<='],
    ['<=', '<'],
    ['>', '>='],
    ['>=', '>'],
  ]),
  arithmetic: swapped([
    ['+', '-'],
    ['-', '+'],
    ['*', '/'],
    ['/', '*'],
    ['%', '*'],
    ['+=', '-='],
    ['-=', '+='],
  ]),
  step: swappedStep,
  number: neighbours,
  boolean: swappedBoolean,
  call: withoutCall,
  guard: withoutGuard,
  method: swappedMethod,
  flag: withoutFlag,
};

/** `!x` and comparisons are left to the operators of their own. */
function negatedCondition(node: ts.Node): readonly Replacement[] {
  const condition = conditionOf(node);
  if (!condition || isNot(condition) || isEquality(condition)) return [];
  return [{ node: condition, text: `!(${condition.getText()})` }];
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node) || ts.isForStatement(node)) return node.condition;
  return undefined;
}

function isNot(node: ts.Node): node is ts.PrefixUnaryExpression {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;
}

function isEquality(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && ['===', '!=='].includes(node.operatorToken.getText());
}

function withoutNot(node: ts.Node): readonly Replacement[] {
  return isNot(node) ? [{ node, text: node.operand.getText() }] : [];
}

/** Each binary operator of the table is replaced by the one beside it. */
function swapped(pairs: readonly (readonly [string, string])[]): (node: ts.Node) => readonly Replacement[] {
  const others = new Map(pairs);
  return (node) => {
    if (!ts.isBinaryExpression(node) || isText(node.left) || isText(node.right)) return [];
    const { operatorToken } = node;
    const other = others.get(operatorToken.getText());
    return other === undefined ? [] : [{ node: operatorToken, text: other }];
  };
}

/** Texts put together with `+` are no sums. */
function isText(node: ts.Expression): boolean {
  if (ts.isStringLiteral(node) || ts.isTemplateLiteral(node)) return isSummand(node);
  return ts.isBinaryExpression(node) && isPlus(node) && (isText(node.left) || isText(node.right));
}

function isSummand(node: ts.Expression): boolean {
  return ts.isBinaryExpression(node.parent) && isPlus(node.parent);
}

function isPlus({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.PlusToken || operatorToken.kind === ts.SyntaxKind.PlusEqualsToken;
}

function withoutDefault(node: ts.Node): readonly Replacement[] {
  if (!ts.isBinaryExpression(node)) return [];
  const { operatorToken, left } = node;
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [{ node, text: left.getText() }];
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken) return [{ node: operatorToken, text: '=' }];
  return [];
}

function withoutOptionalChain(node: ts.Node): readonly Replacement[] {
  if (ts.isPropertyAccessExpression(node) && node.questionDotToken) return [{ node: node.questionDotToken, text: '.' }];
  const isOther = ts.isElementAccessExpression(node) || ts.isCallExpression(node);
  return isOther && node.questionDotToken ? [{ node: node.questionDotToken, text: '' }] : [];
}

function swappedStep(node: ts.Node): readonly Replacement[] {
  if (ts.isPostfixUnaryExpression(node)) {
    const other = node.operator === ts.SyntaxKind.PlusPlusToken ? '--' : '++';
    return [{ node, text: `${node.operand.getText()}${other}` }];
  }
  if (!ts.isPrefixUnaryExpression(node)) return [];
  const operand = node.operand.getText();
  if (node.operator === ts.SyntaxKind.PlusPlusToken) return [{ node, text: `--${operand}` }];
  return node.operator === ts.SyntaxKind.MinusMinusToken ? [{ node, text: `++${operand}` }] : [];
}

function neighbours(node: ts.Node): readonly Replacement[] {
  if (!ts.isNumericLiteral(node) || isName(node)) return [];
  const number = Number(node.text);
  return [number + 1, number - 1]
    .filter((other) => other !== number)
    .map((other) => ({ node, text: other < 0 ? `(${other})` : `${other}` }));
}

function isName(node: ts.NumericLiteral): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node;
}

function swappedBoolean(node: ts.Node): readonly Replacement[] {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [{ node, text: 'false' }];
  return node.kind === ts.SyntaxKind.FalseKeyword ? [{ node, text: 'true' }] : [];
}

/** A call for its effect alone; a constructor can't do without `super()`. */
function withoutCall(node: ts.Node): readonly Replacement[] {
  if (!ts.isExpressionStatement(node)) return [];
  const called = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
  if (!ts.isCallExpression(called) || called.expression.kind === ts.SyntaxKind.SuperKeyword) return [];
  return [{ node, text: ';' }];
}

function withoutGuard(node: ts.Node): readonly Replacement[] {
  if (!ts.isIfStatement(node) || node.elseStatement) return [];
  const { thenStatement } = node;
  const [only, ...others] = ts.isBlock(thenStatement) ? thenStatement.statements : [thenStatement];
  return only && others.length === 0 && leaves(only) ? [{ node, text: ';' }] : [];
}

function leaves(node: ts.Statement): boolean {
  return (
    ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node)
  );
}

const otherMethods: ReadonlyMap<string, string> = new Map(
  [
    ['some', 'every'],
    ['find', 'findLast'],
    ['findIndex', 'findLastIndex'],
    ['indexOf', 'lastIndexOf'],
    ['startsWith', 'endsWith'],
    ['trimStart', 'trimEnd'],
    ['toLowerCase', 'toUpperCase'],
    ['Math.min', 'Math.max'],
    ['Math.floor', 'Math.ceil'],
  ].flatMap(([one = '', other = '']) => [
    [one, other],
    [other, one],
  ]),
);

function swappedMethod(node: ts.Node): readonly Replacement[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression: owner, name } = node.expression;
  const other = otherMethods.get(owner.getText() === 'Math' ? `Math.${name.text}` : name.text);
  return other === undefined ? [] : [{ node: name, text: other.replace('Math.', '') }];
}

/** Without `u`, `v` or `d` an expression seldom matches anything else. */
function withoutFlag(node: ts.Node): readonly Replacement[] {
  if (!ts.isRegularExpressionLiteral(node)) return [];
  const [, body = '', flags = ''] = /^(.*\/)(\w*)$/s.exec(node.text) ?? [];
  return [...flags]
    .filter((flag) => 'gimsy'.includes(flag))
    .map((flag) => ({ node, text: body + flags.replace(flag, '') }));
}

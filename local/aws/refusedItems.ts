/** Sends an operation to dynalite, and reads what it answers. */
export type Ask = (operation: string, input: object) => Promise<object>;

interface PutInput {
  readonly TableName: string;
  readonly Item: Readonly<Record<string, unknown>>;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

/**
 * `ReturnValuesOnConditionCheckFailure: ALL_OLD` of PutItem, which dynalite passes over: the answer to a put that was refused with the item
 * that was in its way. It is read after the refusal, so it may be newer than what DynamoDB would answer with, and never older.
 *
 * @param body of the put.
 * @param answer of dynalite. @returns the answer to give
 */
export async function withRefusedItem(body: Buffer, answer: object, ask: Ask): Promise<object> {
  const input = JSON.parse(body.toString()) as PutInput;
  const { __type: type = '' } = answer as { __type?: string };
  if (input.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD' || !type.endsWith('#ConditionalCheckFailedException'))
    return answer;
  const described = await ask('DescribeTable', { TableName: input.TableName });
  const { Table: table } = described as { Table?: { KeySchema?: readonly { readonly AttributeName: string }[] } };
  const names = (table?.KeySchema ?? []).map(({ AttributeName }) => AttributeName);
  const Key = Object.fromEntries(names.map((name) => [name, input.Item[name]]));
  const read = await ask('GetItem', { TableName: input.TableName, Key, ConsistentRead: true });
  return { ...answer, ...read };
}

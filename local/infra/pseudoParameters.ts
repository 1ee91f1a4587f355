import type { Account } from './account.js';

/** What `!Ref AWS::Region` and its like give, but for the stack's own name; undefined for any other name. */
export function pseudoParameter(name: string, { region, id }: Pick<Account, 'region' | 'id'>): string | undefined {
  switch (name) {
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return id;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    default:
      return undefined;
  }
}

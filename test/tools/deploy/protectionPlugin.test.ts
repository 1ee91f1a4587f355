import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import ProtectionPlugin from '../../../tools/deploy/protectionPlugin.js';

/** A deployed stack; what its protection is set to is added to `set`. */
function plugin(params: Record<string, unknown>, isProtected: boolean, set: unknown[] = []) {
  const answer = async (command: unknown) => {
    if (command instanceof UpdateTerminationProtectionCommand) set.push(command.input);
    if (command instanceof DescribeStacksCommand) return { Stacks: [{ EnableTerminationProtection: isProtected }] };
    return {};
  };
  jest.spyOn(CloudFormationClient.prototype, 'send').mockImplementation(answer as CloudFormationClient['send']);
  const provider = {
    naming: { getStackName: () => 'firesplit-prod' },
    getAwsSdkV3Config: async (): Promise<CloudFormationClientConfig> => ({ region: 'eu-west-1' }),
    getStage: () => 'prod',
    getRegion: () => 'eu-west-1',
  };
  return new ProtectionPlugin({
    serviceDir: '.',
    configurationInput: { params: { default: params } },
    processedInput: { commands: ['deploy'], options: {} },
    classes: { Error },
    getProvider: () => provider,
  });
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the protection of the stack', () => {
  it.each([
    ['Enabled', true],
    ['Disabled', false],
  ])('is %s as the parameter says', async (protection, EnableTerminationProtection) => {
    const set: unknown[] = [];
    await plugin({ protection }, false, set).hooks['after:deploy:deploy']?.();
    expect(set).toEqual([{ StackName: 'firesplit-prod', EnableTerminationProtection }]);
  });

  it('stops a removal before it begins, and says how to go on', async () => {
    await expect(plugin({}, true).hooks['before:remove:remove']?.()).rejects.toThrow(
      /nothing was removed.*deploy --stage prod --region eu-west-1 --param="protection=Disabled".*remove --stage prod/s,
    );
    await plugin({}, false).hooks['before:remove:remove']?.();
  });
});

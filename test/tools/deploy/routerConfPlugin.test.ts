import { readFile } from 'node:fs/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { Infra } from '../../../local/infra/infra.js';
import { bucketOf } from '../../../shared/deploy/names.js';
import RouterConfPlugin from '../../../tools/deploy/routerConfPlugin.js';
import { openS3 } from '../../helpers/s3Endpoint.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const account = '111122223333';
const at = { stage: 'prod', account, region: 'us-east-1' };

describe('the plugin that deploys the log router’s configuration', () => {
  it('knows the bucket as the template names it', async () => {
    const infra = await Infra.load('.', { region: 'us-east-1', id: account, stage: 'prod', queueUrl: () => '' });
    expect(bucketOf(at)).toBe(infra.ref('LogsBucket'));
  });

  it('puts it where the init image reads it, and only warns when it can not', async () => {
    const s3 = await openS3(await tempFolder());
    try {
      const bucket = bucketOf(at);
      const told: string[] = [];
      const log = {
        notice: (text: string) => void told.push(text),
        warning: (text: string) => void told.push(`warning: ${text}`),
      };
      const provider = {
        getAwsSdkV3Config: async () => ({
          endpoint: s3.url,
          region: 'us-east-1',
          credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
          maxAttempts: 1,
        }),
        getAccountId: async () => account,
        getStage: () => at.stage,
        getRegion: () => at.region,
      };
      const serverless = {
        serviceDir: '.',
        configurationInput: { params: {} },
        processedInput: { commands: ['deploy'], options: {} },
        classes: { Error },
        getProvider: () => provider,
      };
      const plugin = new RouterConfPlugin(serverless, {}, { log });
      await plugin.hooks['after:deploy:deploy']?.();
      expect(told).toEqual([
        expect.stringMatching(/^warning: .* was not put into the bucket: .* Everything else is deployed\.$/),
      ]);

      await s3.buckets.create(bucket);
      await plugin.hooks['after:deploy:deploy']?.();
      expect(told[1]).toBe(`Configuration of the log router in s3://${bucket}/router/extra.conf`);
      const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'router/extra.conf' }));
      expect(await Body?.transformToString()).toBe(await readFile('infra/fluent-bit/extra.conf', 'utf8'));
    } finally {
      await s3.close();
    }
  });
});

import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { examineAge, examinePackage } from '../../../local/doctor/project/package.js';
import { subjectOf } from '../../../local/doctor/template/subject.js';
import { parseTemplate } from '../../../local/doctor/template/template.js';
import { lambda } from '../../../shared/limits.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let root: string;
let path: string;
beforeEach(async () => {
  root = await tempFolder();
  path = join(root, '.serverless/template.json');
  await mkdir(join(root, '.serverless'));
  await writeFile(join(root, 'serverless.yml'), '');
});

/** A template with one function, whose zip has these files. */
async function packaged(files: Readonly<Record<string, Uint8Array>>) {
  const text = JSON.stringify({
    Resources: {
      TransformLambdaFunction: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'firesplit-prod-transform',
          Handler: 'dist/functions/transform.handler',
          Code: { S3Bucket: { Ref: 'Bucket' }, S3Key: 'serverless/1/transform.zip' },
        },
      },
    },
  });
  await writeFile(path, text);
  if (Object.keys(files).length > 0) await writeFile(join(root, '.serverless/transform.zip'), zipSync({ ...files }));
  const account = { id: '123456789012', region: 'us-east-1', stage: 'prod' };
  return subjectOf({ template: parseTemplate(path, text), bytes: text.length, account, declaredAt: () => undefined });
}

describe('the zips beside a template', () => {
  it('have their handlers', async () => {
    const subject = await packaged({ 'dist/functions/transform.mjs': new Uint8Array(9) });
    expect((await examinePackage(subject, path)).findings).toEqual([]);
  });

  it('without a handler are told', async () => {
    const subject = await packaged({ 'dist/functions/transfrom.mjs': new Uint8Array(9) });
    expect((await examinePackage(subject, path)).findings).toMatchObject([
      {
        result: 'fail',
        place: 'TransformLambdaFunction.Handler',
        problem:
          'transform.zip has no dist/functions/transform.mjs: every invocation ends with Runtime.ImportModuleError',
      },
    ]);
  });

  it('that unpack to more than Lambda takes are told, by their directory alone', async () => {
    const subject = await packaged({ 'dist/functions/transform.mjs': new Uint8Array(lambda.maxUnpackedBytes + 1) });
    expect((await examinePackage(subject, path)).findings).toMatchObject([
      { result: 'fail', problem: 'transform.zip unpacks to 262 MB, and Lambda takes 262 MB' },
    ]);
  });

  it('that are no zips are told', async () => {
    const subject = await packaged({});
    await writeFile(join(root, '.serverless/transform.zip'), 'not a zip');
    expect((await examinePackage(subject, path)).findings).toMatchObject([
      { result: 'fail', place: 'TransformLambdaFunction.Code' },
    ]);
  });

  it('that are not there could not be looked at, which is no pass', async () => {
    const subject = await packaged({});
    expect((await examinePackage(subject, path)).findings).toMatchObject([
      { result: 'unknown', problem: expect.stringContaining('transform.zip is not beside the template') },
    ]);
  });
});

describe('the age of a template', () => {
  it('is above that of what it is made of', async () => {
    const subject = await packaged({});
    await utimes(path, 1000, 1000);
    await utimes(join(root, 'serverless.yml'), 999, 999);
    expect((await examineAge(subject, path, { root, stage: 'prod' })).findings).toEqual([]);
    await utimes(join(root, 'serverless.yml'), 1001, 1001);
    expect((await examineAge(subject, path, { root, stage: 'prod' })).findings).toMatchObject([
      { result: 'warn', problem: expect.stringMatching(/^serverless\.yml is newer/) },
    ]);
  });

  it('says that it is of another stage', async () => {
    const subject = await packaged({});
    expect((await examineAge(subject, path, { root, stage: 'dev' })).findings).toMatchObject([
      { result: 'warn', problem: 'it is of stage prod, not dev', remedy: expect.stringContaining('--stage prod') },
    ]);
  });
});

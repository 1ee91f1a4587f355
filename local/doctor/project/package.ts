import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { lambda } from '../../../shared/limits.js';
import { bytesText } from '../../../shared/text/wording.js';
import type { Examination, Finding } from '../finding.js';
import { fail, mapOf, ofType, type Resource, type Subject } from '../template/subject.js';

/** The zips beside a packaged template: whether Lambda takes them, and whether the handlers are in them. */
export async function examinePackage(subject: Subject, templatePath: string): Promise<Examination> {
  const functions = ofType(subject, 'AWS::Lambda::Function').filter(
    ({ properties }) => properties.PackageType !== 'Image',
  );
  const zips = functions.flatMap((owner) => {
    const key = mapOf(owner.properties.Code).S3Key;
    return typeof key === 'string' ? [{ owner, path: join(dirname(templatePath), basename(key)) }] : [];
  });
  const missing = zips.filter(({ path }) => !existsSync(path));
  const looked = zips.filter((zip) => !missing.includes(zip));
  const findings = await Promise.all(looked.map(({ owner, path }) => ofZip(subject, owner, path)));
  return {
    name: 'package',
    about: 'Lambda takes every zip, and its handler is in it',
    findings: [...unseen(missing.map(({ path }) => path)), ...findings.flat()],
  };
}

function unseen(paths: readonly string[]): Finding[] {
  const [first] = paths;
  if (first === undefined) return [];
  const names = paths.map((path) => basename(path)).join(', ');
  return [
    {
      result: 'unknown',
      place: dirname(first),
      problem: `${names} ${paths.length === 1 ? 'is' : 'are'} not beside the template, so nothing is known of what is in ${paths.length === 1 ? 'it' : 'them'}`,
      remedy: 'run npx serverless package, and check the template that it writes',
    },
  ];
}

async function ofZip(subject: Subject, { id, properties }: Resource, path: string): Promise<Finding[]> {
  const files = sizesIn(await readFile(path));
  if (files === undefined) {
    return [fail(subject, id, 'Code', { problem: `${path} is no zip`, remedy: 'run npx serverless package again' })];
  }
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
  const module = String(properties.Handler).replace(/\.[^.]+$/, '');
  const hasHandler = ['.mjs', '.js', '.cjs'].some((extension) => files.has(`${module}${extension}`));
  return [
    ...(bytes > lambda.maxUnpackedBytes
      ? [
          fail(subject, id, 'Code', {
            problem: `${basename(path)} unpacks to ${bytesText(bytes)}, and Lambda takes ${bytesText(lambda.maxUnpackedBytes)}`,
            remedy: 'narrow package.patterns of the function in infra/functions.yml',
            source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
          }),
        ]
      : []),
    ...(hasHandler
      ? []
      : [
          fail(subject, id, 'Handler', {
            problem: `${basename(path)} has no ${module}.mjs: every invocation ends with Runtime.ImportModuleError`,
            remedy: 'name the file in package.patterns, or mend the handler',
            source: 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html',
          }),
        ]),
  ];
}

/** Names and unpacked sizes, of the directory alone: nothing is unpacked. */
function sizesIn(zip: Uint8Array): ReadonlyMap<string, number> | undefined {
  const files = new Map<string, number>();
  try {
    unzipSync(zip, {
      filter({ name, originalSize }) {
        files.set(name, originalSize);
        return false;
      },
    });
  } catch {
    return undefined;
  }
  return files;
}

/** Whether the template is of this stage, and packaged after what it was made of. */
export async function examineAge(
  subject: Subject,
  templatePath: string,
  { root, stage }: { readonly root: string; readonly stage: string },
): Promise<Examination> {
  const findings: Finding[] = [];
  const remedy = `run npx serverless package --stage ${stage}`;
  const name = ofType(subject, 'AWS::Lambda::Function').find(({ id }) => id === 'TransformLambdaFunction')?.properties
    .FunctionName;
  const ofStage = typeof name === 'string' ? name.match(/^firesplit-(.+)-transform$/)?.[1] : undefined;
  if (ofStage !== undefined && ofStage !== stage) {
    findings.push({
      result: 'warn',
      place: templatePath,
      problem: `it is of stage ${ofStage}, not ${stage}`,
      remedy: `${remedy}, or say --stage ${ofStage}`,
    });
  }
  const packaged = (await stat(templatePath)).mtimeMs;
  const newest = (await Promise.all((await inputsOf(root)).map(timeOf))).reduce((a, b) => (b.time > a.time ? b : a), {
    path: '',
    time: 0,
  });
  if (newest.time > packaged) {
    findings.push({
      result: 'warn',
      place: templatePath,
      problem: `${newest.path} is newer: a deployment packages anew, and sends something else than what is checked here`,
      remedy,
    });
  }
  return {
    name: 'template',
    about: `${templatePath} is of stage ${stage}, and younger than what it is made of`,
    findings,
  };

  async function timeOf(path: string) {
    return { path, time: (await stat(join(root, path))).mtimeMs };
  }
}

async function inputsOf(root: string): Promise<string[]> {
  const folders = ['infra', 'infra/resources', 'dist/functions'];
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder)).catch(() => [])).map((file) => `${folder}/${file}`),
    ),
  );
  return ['serverless.yml', ...lists.flat()].filter((path) => /\.(ya?ml|mjs)$/.test(path));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { infraPath } from '../infra/project.js';

/** The log router as infra/fluent-bit has it. */
export interface ShippedRouter {
  /** AWS's image that the Dockerfile builds on: `public.ecr.aws/…/aws-for-fluent-bit`, `3.4.8`. */
  readonly repository: string;
  readonly version: string;
  /** Text of extra.conf, which ECS includes into the configuration that it writes. */
  readonly conf: string;
}

/** Where the configuration is inside the container, as the Dockerfile has it. */
export const confFolder = '/firesplit';
export const confPath = `${confFolder}/extra.conf`;
/** Where `serverless deploy` puts it in the bucket of the logs, for the init image. */
export const confKey = 'router/extra.conf';

/** @throws Error when infra/fluent-bit is incomplete */
export function shippedRouter(): ShippedRouter {
  const folder = infraPath('infra/fluent-bit');
  const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
  const [, repository, version] = /^FROM (\S+\/aws-for-fluent-bit):(\d+\.\d+\.\d+)/m.exec(dockerfile) ?? [];
  if (repository === undefined || version === undefined) {
    throw new Error(
      `${folder}/Dockerfile names no aws-for-fluent-bit of a version, such as …/aws-for-fluent-bit:3.4.8`,
    );
  }
  return { repository, version, conf: readFileSync(join(folder, 'extra.conf'), 'utf8') };
}

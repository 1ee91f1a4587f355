export type Version = readonly [number, number, number];

/** AWS's image, as its tag tells it. */
export interface AwsImage {
  readonly isInit: boolean;
  /** Undefined for tags that move: latest, stable, 3. */
  readonly version: Version | undefined;
  readonly tag: string;
}

/** What the name of an image says, for example `public.ecr.aws/…/aws-for-fluent-bit:init-3.4.8`; undefined for images of one's own. */
export function awsImage(name: string | undefined): AwsImage | undefined {
  const [, tag = 'latest'] = /(?:^|\/)aws-for-fluent-bit(?::([\w.-]+))?(?:@sha256:\w+)?$/.exec(name ?? '') ?? [
    undefined,
    undefined,
  ];
  if (!/(?:^|\/)aws-for-fluent-bit(?:[:@]|$)/.test(name ?? '')) return undefined;
  const [, major, minor, patch] = /^(?:init-)?(?:debug-)?(\d+)\.(\d+)\.(\d+)/.exec(tag) ?? [];
  const version = major === undefined ? undefined : ([Number(major), Number(minor), Number(patch)] as const);
  return { isInit: tag.startsWith('init-'), version, tag };
}

import { EventEmitter } from 'node:events';
import { join, resolve } from 'node:path';
import { bufferingTime } from '../firehose/stream/streamConfig.js';
import { projectRoot } from '../infra/project.js';
import { LocalFunctions } from '../lambda/localFunctions.js';
import { Closers } from './closers.js';
import type { StackContext } from './context.js';
import { explainedStart, openDataFolder } from './dataFolder.js';
import { lockDataFolder } from './dataLock.js';
import { readDeployment } from './deployment.js';
import { openPrivateFolder } from './privateFolder.js';
import { leaveReady } from './readyFile.js';
import { openServers } from './servers.js';
import type { Stack, StackOptions } from './stack.js';
import { openStores } from './stores.js';
import { startWorkers } from './workers.js';

/** The account that an address on this machine stands for. */
const accountId = '000000000000';

/**
 * Starts the pipeline on this machine: the Firehose API over the stream of infra/resources/firehose.yml, the built
 * functions, their queue, table and bucket, and a Slack inbox.
 *
 * @throws DataFolderInUseError, DataFolderError, PortInUseError, InfraError, RuleFileError, JournalDamagedError: each says what to do.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers = new Closers();
  try {
    return await start({
      options,
      root: projectRoot(),
      data: resolve(options.data),
      region: process.env.AWS_REGION ?? 'us-east-1',
      accountId,
      events: options.events ?? new EventEmitter(),
      closers,
    });
  } catch (error) {
    await closers.closeAll();
    throw explainedStart(error, resolve(options.data));
  }
}

async function start(context: StackContext): Promise<Stack> {
  const { root, data, region, events, closers } = context;
  closers.add(await openPrivateFolder(data));
  closers.add(await lockDataFolder(data));
  await openDataFolder(data);

  let endpoint = '';
  const deployment = await readDeployment(context, (queue) => `${endpoint}/${accountId}/${queue}`);
  const functions = new LocalFunctions({ infra: deployment.infra, root, region, logs: join(data, 'lambda'), events });
  const stores = await openStores(context, deployment, functions);
  const servers = await openServers(context, deployment, functions, stores);
  endpoint = servers.urls.firehose;
  const workers = startWorkers(context, deployment, functions, stores, servers);

  const { urls, token, ca } = servers;
  const place = { data, ca, stream: deployment.stream.config.name, bucket: deployment.bucket };
  const ready = { ...urls, token, ...place };
  closers.add(await leaveReady(data, ready));
  return {
    urls,
    ...place,
    ready,
    forwards: deployment.settings.config.forward !== undefined && !context.options.forward,
    queryableWithin: bufferingTime(deployment.stream.config),
    events,
    flush: () => workers.flush(),
    async stop() {
      servers.refuseClients();
      await workers.flush().finally(() => closers.closeAll());
    },
  };
}

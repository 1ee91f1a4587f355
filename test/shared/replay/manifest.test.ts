import { expect, it } from '@jest/globals';
import { Manifest, type ReplayHead } from '../../../shared/replay/manifest.js';
import { ReplayWorld } from '../../helpers/replayWorld.js';

const head: ReplayHead = {
  version: 1,
  id: 'r1',
  wanted: { source: 'failed' } as ReplayHead['wanted'],
  created: 0,
  state: 'finding',
  objects: 0,
  bytes: 0,
  parts: 0,
};

it('a document that others change all the time is left to another attempt, after a while', async () => {
  const { documents, clock } = new ReplayWorld();
  let tries = 0;
  const replace = async () => {
    tries++;
    return undefined;
  };
  const manifest = new Manifest({ ...documents, replace }, clock, 'r1');
  await manifest.begin(head);
  const began = clock.now();
  await expect(manifest.changeHead((now) => now)).rejects.toThrow('replay/r1/replay.json could not be changed');
  expect(tries).toBe(20);
  // 0, 20, 40 … 380 ms.
  expect(clock.now() - began).toBe(3800);
});

it('a change is made to what somebody else has made of the document meanwhile', async () => {
  const { documents, clock } = new ReplayWorld();
  const manifest = new Manifest(documents, clock, 'r1');
  await manifest.begin(head);
  let isFirst = true;
  const changed = await manifest.changeHead((now) => ({ ...now, objects: now.objects + 1 }));
  const racing = new Manifest(
    {
      ...documents,
      async replace(key, body, etag) {
        if (isFirst) await manifest.changeHead((now) => ({ ...now, objects: now.objects + 1 }));
        isFirst = false;
        return documents.replace(key, body, etag);
      },
    },
    clock,
    'r1',
  );
  expect(changed?.objects).toBe(1);
  expect((await racing.changeHead((now) => ({ ...now, objects: now.objects + 1 })))?.objects).toBe(3);
});

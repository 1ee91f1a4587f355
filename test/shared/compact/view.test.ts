import { expect, it } from '@jest/globals';
import { changeControl, createControl } from '../../../shared/compact/control.js';
import { showBoundary } from '../../../shared/compact/view.js';
import { MemoryCatalog, MemoryStore } from '../../helpers/compaction/memoryStore.js';

const view = (_: string, boundary: string) => `lines from ${boundary}`;

/** Control objects at a boundary, and views of it. */
async function world(boundary: string) {
  const store = new MemoryStore();
  const catalog = new MemoryCatalog();
  await createControl(store, 'access', boundary, 0);
  await showBoundary('access', { store, catalog }, { view });
  const move = async (to: string) => {
    const held = await createControl(store, 'access', to, 0);
    if (held) await changeControl(store, 'access', held, { boundary: to });
  };
  return { store, catalog, move };
}

it('makes a view that is missing, and changes one whose boundary or columns are others', async () => {
  const { store, catalog, move } = await world('2026-11-28-18');
  expect(catalog.views.get('access')).toEqual({ definition: 'lines from 2026-11-28-18', version: '1' });
  await move('2026-11-28-19');
  await showBoundary('access', { store, catalog }, { view });
  expect(catalog.views.get('access')).toEqual({ definition: 'lines from 2026-11-28-19', version: '2' });
  await showBoundary('access', { store, catalog }, { view: (_, boundary) => `more of ${boundary}` });
  expect(catalog.views.get('access')).toEqual({ definition: 'more of 2026-11-28-19', version: '3' });
});

it('leaves a view alone that is as it should be', async () => {
  const { store, catalog } = await world('2026-11-28-18');
  await showBoundary('access', { store, catalog }, { view });
  expect(catalog.views.get('access')?.version).toBe('1');
});

it.each(['reading the view', 'reading the control object'])(
  'never puts a boundary in place of a later one that others showed after %s',
  async (moment) => {
    const { store, catalog, move } = await world('2026-11-28-18');
    const overtake = async () => {
      await move('2026-11-28-20');
      await showBoundary('access', { store, catalog }, { view });
    };
    const slow = {
      store: Object.assign(Object.create(store) as MemoryStore, {
        async get(key: string) {
          const found = await store.get(key);
          if (moment === 'reading the control object') await overtake();
          return found;
        },
      }),
      catalog: Object.assign(Object.create(catalog) as MemoryCatalog, {
        async read(type: string) {
          const found = await catalog.read(type);
          if (moment === 'reading the view') await overtake();
          return found;
        },
      }),
    };
    // The slow worker would show a change of its own.
    await move('2026-11-28-19');
    await showBoundary('access', slow, { view });
    expect(catalog.views.get('access')?.definition).toBe('lines from 2026-11-28-20');
  },
);

import { expect, it } from '@jest/globals';
import { athenaPrice } from '../../../../local/query/athena/price.js';

it.each([
  [0, 0],
  [1, (10 / 1024 ** 2) * 5],
  [10 * 1024 ** 2 + 1, (11 / 1024 ** 2) * 5],
  [1024 ** 4, 5],
])('%d bytes cost $%d', (scanned, dollars) => {
  expect(athenaPrice(scanned)).toBeCloseTo(dollars, 10);
});

import { expect, it } from '@jest/globals';
import { jsonFormats } from '../../../../shared/parse/formats/index.js';
import { parseJson } from '../../../../shared/parse/index.js';
import { isObject, type JsonObject, parseObject } from '../../../../shared/parse/json/object.js';
import { isRead } from '../../../../shared/parse/json/readPaths.js';

it.each([
  ['level', true],
  ['http.response.status_code', true],
  ['größe', false],
  ['status', true],
  ['error.code', true],
  ['attributes', true],
  ['s', true],
  ['stream', true],
  ['levelno', true],
  ['item.sku', false],
  ['pid', false],
  ['', false],
])('says whether a format reads %s', (path, expected) => {
  expect(isRead(path.split('.'))).toBe(expected);
  expect(isRead([path])).toBe(path === 'error.code' ? false : expected);
});

it('says of every key of the samples that it is read when a text under it decides a column', () => {
  const texts = ['error', 'E', 'W', 'D', '2026-11-22T16:41:02Z', '500', '30', 'GET', '/x', 'x::y', '4bf92f3577b34da6'];
  const decided = jsonFormats
    .flatMap(({ samples }) => samples.map(({ line }) => parseObject(line) ?? {}))
    .flatMap((object) => {
      const paths = pathsOf(object).filter((path) => !isRead(path));
      const columns = (text: string, path: readonly string[]) => {
        const { type, time, columns: made } = parseJson(withText(object, path, text));
        // A template's values are part of its message, and an error without one has its whole line for it.
        const { message: _, stack: __, fingerprint: ___, ...others } = made as JsonObject;
        return JSON.stringify([type, time, others]);
      };
      return paths.filter((path) => new Set(texts.map((text) => columns(text, path))).size > 1);
    });
  expect(decided).toEqual([]);
});

function pathsOf(object: JsonObject): (readonly string[])[] {
  return Object.entries(object).flatMap(([key, value]) =>
    isObject(value) ? pathsOf(value).map((inner) => [key, ...inner]) : [[key]],
  );
}

function withText(object: JsonObject, [key, ...rest]: readonly string[], text: string): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([each, value]) => {
      if (each !== key) return [each, value];
      return [each, isObject(value) && rest.length > 0 ? withText(value, rest, text) : text];
    }),
  );
}

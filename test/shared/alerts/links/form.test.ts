import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readForm } from '../../../../shared/alerts/links/form.js';

const post = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

describe('a form', () => {
  it('is read as the page sends it', () => {
    expect(readForm(post({ form: 'abc_DEF-123', act: '8h', name: ' Ann  Bé ', why: 'it’s me & you' }))).toEqual({
      id: 'abc_DEF-123',
      act: '8h',
      name: 'Ann Bé',
      why: 'it’s me & you',
    });
  });

  it('has nothing of what is no field of the page', () => {
    for (const body of [
      '',
      '&&&',
      '%%%',
      'act=forever&form=x',
      'act=1h;name=x',
      '\0',
      'form=../../etc',
      '__proto__=1',
    ]) {
      expect(readForm(body)).toMatchObject({ id: '', name: '' });
    }
    expect(readForm('act=forever').act).toBeUndefined();
  });

  it('has names and reasons of one line of bounded length, without what moves a cursor or turns text round', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { name, why } = readForm(post({ name: `${text}\u202e\x1b[2J\r\nx`, why: text.repeat(20) }));
        expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(name.length).toBeLessThanOrEqual(60);
        expect(why.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

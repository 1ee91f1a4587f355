import { parseXML } from '@aws-sdk/xml-builder';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { XmlElement, xmlReply } from '../../../../local/s3/api/xml.js';

/** The SDK's parser leaves out what is blank from its beginning to its end, as it does between elements. */
const text = fc
  .string({ unit: 'binary' })
  .map((each) => each.replaceAll(/\p{Surrogate}/gu, '?'))
  .filter((each) => each === '' || each.trim() !== '');

describe('a document', () => {
  it('is read by clients as it was meant, whatever the text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const { body } = xmlReply(200, 'Root', { Key: value, None: undefined, Many: [1, true] });
        const parsed = parseXML(String(body)) as { Root: Record<string, unknown> };
        expect(parsed.Root).toMatchObject({ Key: value, Many: ['1', 'true'] });
        expect(parsed.Root).not.toHaveProperty('None');
      }),
    );
  });

  it('is read from clients as it was meant, whatever the text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const escaped = Array.from(value, (each) => `&#x${each.codePointAt(0)?.toString(16)};`).join('');
        const root = XmlElement.read(
          `<?xml version="1.0"?><A xmlns="urn:x"><K>${escaped}</K><L>1</L><L>2</L></A>`,
          'A',
        );
        expect(root.required('K')).toBe(value);
        expect(root.all('L')).toHaveLength(2);
        expect(root.names()).toEqual(['K', 'L']);
      }),
    );
  });

  it.each([
    '',
    'text',
    '<A>',
    '<A></B>',
    '<B/>',
    '<A><K>1</K><K>2</K></A>',
    '<A><K><L/></K></A>',
    `${'<A>'.repeat(100_000)}`,
  ])('is refused: %#', (broken) => {
    expect(() => XmlElement.read(broken, 'A').required('K')).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });
});

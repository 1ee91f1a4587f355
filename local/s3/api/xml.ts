import { parseXML } from '@aws-sdk/xml-builder';
import type { Reply } from '../../aws/reply.js';
import type { Content, Elements } from './elements.js';
import { malformedXml } from './s3Error.js';

export function xmlReply(status: number, root: string, content: Elements | string): Reply {
  const namespace = root === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  const inner = typeof content === 'string' ? escapeXml(content) : render(content);
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${inner}</${root}>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

function render(elements: Elements): string {
  return Object.entries(elements)
    .flatMap(([name, content]) => (Array.isArray(content) ? content : [content]).map((each) => element(name, each)))
    .join('');
}

function element(name: string, content: Content): string {
  if (content === undefined) return '';
  return `<${name}>${typeof content === 'object' ? render(content) : escapeXml(String(content))}</${name}>`;
}

/** What XML 1.0 has no way to write becomes a number all the same, as in S3: clients ask for `encoding-type=url`. */
function escapeXml(text: string): string {
  return text.replace(/[<>&"\u0000-\u001f\ufffe\uffff]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The document of a request as it was read: text, or elements by their names. */
type Parsed = string | { readonly [name: string]: Parsed | readonly Parsed[] };

/** The largest, a CompleteMultipartUpload of 10,000 parts with checksums, has some 3 MB. */
const maxDocumentLength = 8 * 1024 * 1024;

/** An element of a request. */
export class XmlElement {
  private constructor(private readonly content: Parsed) {}

  /** @throws S3Error when the text is no such document. */
  static read(text: string, root: string): XmlElement {
    let document: { readonly [name: string]: Parsed };
    if (text.length > maxDocumentLength) throw malformedXml();
    try {
      document = parseXML(withoutLargeReferences(text)) as { readonly [name: string]: Parsed };
    } catch {
      throw malformedXml();
    }
    const content = document[root];
    if (content === undefined) throw malformedXml();
    return new XmlElement(content);
  }

  /** The text of this element's only element of a name; undefined when there is none. */
  text(name: string): string | undefined {
    const [first, ...more] = this.contents(name);
    if (first === undefined) return undefined;
    if (typeof first !== 'string' || more.length > 0) throw malformedXml();
    return first;
  }

  /** @throws S3Error when there is none. */
  required(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw malformedXml();
    return text;
  }

  all(name: string): XmlElement[] {
    return this.contents(name).map((content) => new XmlElement(content));
  }

  /** Names of the elements in this one. */
  names(): string[] {
    return typeof this.content === 'string'
      ? []
      : Object.keys(this.content).filter((name) => !/^(#text|xmlns.*|xsi:.*)$/.test(name));
  }

  private contents(name: string): readonly Parsed[] {
    if (typeof this.content === 'string') return [];
    const found = this.content[name];
    if (found === undefined) return [];
    return Array.isArray(found) ? (found as readonly Parsed[]) : [found as Parsed];
  }
}

/** The parser knows character references of up to 16 bits only. */
function withoutLargeReferences(text: string): string {
  return text.replace(/&#(?:x([0-9a-f]{5,6})|(\d{5,7}));/gi, (reference, hex?: string, decimal?: string) => {
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point > 0xffff && point <= 0x10ffff ? String.fromCodePoint(point) : reference;
  });
}

import { BlockList, isIP } from 'node:net';

type Family = 'ipv4' | 'ipv6';

/** A block of addresses, such as `10.0.0.0/8`; one without a prefix is a single address. */
export interface Block {
  readonly address: string;
  /** Bits that all its addresses share. */
  readonly prefix: number;
  readonly family: Family;
}

/** Undefined when the text names no block. */
export function parseBlock(text: string): Block | undefined {
  const [, address = '', stated] = /^([\d.:a-f]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = familyOf(address);
  if (!family) return undefined;
  const longest = family === 'ipv4' ? 32 : 128;
  const prefix = stated === undefined ? longest : Number(stated);
  return prefix <= longest ? { address, prefix, family } : undefined;
}

/**
 * Whether an address lies in one of the blocks; what is no address lies in none. IPv4 addresses are the same as those
 * mapped to IPv6, `::ffff:192.0.2.1`, which is how servers that listen to both log them.
 *
 * @throws SyntaxError when one of the texts names no block
 */
export function compileBlocks(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of texts) {
    const block = parseBlock(text);
    if (!block) throw new SyntaxError(`"${text}" is no address block; write one such as 10.0.0.0/8 or 2001:db8::/32`);
    list.addSubnet(block.address, block.prefix, block.family);
  }
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && list.check(address, family);
  };
}

function familyOf(address: string): Family | undefined {
  switch (isIP(address)) {
    case 4:
      return 'ipv4';
    case 6:
      return 'ipv6';
    default:
      return undefined;
  }
}

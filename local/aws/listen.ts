import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The port that was asked for belongs to somebody else. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  constructor(port: number, remedy: string) {
    super(`Port ${port} is already in use: ${remedy}.`);
  }
}

/**
 * Listens on the loopback address; port 0 takes any free one.
 *
 * @param remedy what to do about a port in use, for the error.
 * @returns the port.
 */
export async function listen(server: Server, port: number, remedy: string): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUseError(port, remedy);
    throw error;
  }
  return (server.address() as AddressInfo).port;
}

/** Refuses new connections and ends the open ones once their answers are sent. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  // A keep-alive connection that is busy now would otherwise hold the server open.
  const timer = setTimeout(() => server.closeAllConnections(), 1000);
  await closed;
  clearTimeout(timer);
}

import { connect } from 'node:net';

/** Sends bytes that no client would put together, and resolves with all that came once an answer's head is whole. */
export function rawAnswer(url: string, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(sent))
      .on('data', (chunk) => {
        text += chunk;
        if (text.includes('\r\n\r\n')) socket.destroy();
      })
      .on('close', () => resolve(text))
      .on('error', reject);
  });
}

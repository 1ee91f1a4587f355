/** Characters of an answer that are read: far more than are shown, so that no secret is cut and shown in part. */
const readBody = 16 * 1024;

/** How the body of an answer begins; as much of it as came, when it breaks off. */
export async function startOf({ body }: Response): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > readBody) break;
    }
  } catch {
    // The status says enough.
  }
  return text;
}

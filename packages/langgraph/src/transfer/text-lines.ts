/** Is a file as it is read: texts or bytes, cut wherever it may be. */
export type FileChunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/**
 * Cuts a file into its lines; an empty one at the end is none.
 *
 * @throws TypeError for bytes that are no text
 */
export async function* textLines(chunks: FileChunks): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let parts: string[] = [];
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const [first = '', ...others] = text.split('\n');
    parts.push(first);
    for (const other of others) {
      yield parts.join('');
      parts = [other];
    }
  }
  const last = parts.join('') + decoder.decode();
  if (last !== '') yield last;
}

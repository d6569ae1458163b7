/** Puts the length of a text before it, so that whatever follows the text can never be taken for a part of it. */
export function lengthPrefixed(text: string): string {
  return text.length + ':' + text;
}

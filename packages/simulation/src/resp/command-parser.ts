/**
 * Takes commands out of what a connection receives: arrays of bulk strings, in pieces of any size.
 *
 * @throws Error for bytes that are no such array, which a client never sends
 */
export class CommandParser {
  #text = '';

  /** Adds bytes, and returns the commands that are complete now. */
  push(bytes: string): string[][] {
    this.#text += bytes;
    const commands: string[][] = [];
    let position = 0;
    for (;;) {
      const command = this.#command(position);
      if (command === undefined) break;
      commands.push(command.words);
      position = command.end;
    }
    this.#text = this.#text.slice(position);
    return commands;
  }

  #command(start: number): { readonly words: string[]; readonly end: number } | undefined {
    const head = this.#number(start, '*');
    if (head === undefined) return undefined;
    const words: string[] = [];
    let { end } = head;
    for (let count = 0; count < head.value; count += 1) {
      const size = this.#number(end, '$');
      if (size === undefined || size.end + size.value + 2 > this.#text.length) return undefined;
      words.push(this.#text.slice(size.end, size.end + size.value));
      end = size.end + size.value + 2;
    }
    return { words, end };
  }

  #number(start: number, sign: string): { readonly value: number; readonly end: number } | undefined {
    const end = this.#text.indexOf('\r\n', start);
    if (end === -1) return undefined;
    const value = Number(this.#text.slice(start + 1, end));
    if (this.#text[start] !== sign || !Number.isInteger(value) || value < 0) {
      throw new Error(`expected ${sign} and a count, got ${JSON.stringify(this.#text.slice(start, end))}`);
    }
    return { value, end: end + 2 };
  }
}

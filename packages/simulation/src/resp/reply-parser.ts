import { ErrorReply, Status, type Reply } from './reply.ts';

/** Takes answers out of what a server sends, so that those of the model can be compared with those of a real one. */
export class ReplyParser {
  #text = '';
  #position = 0;

  /** Adds bytes, and returns the answers that are complete now. */
  push(bytes: string): Reply[] {
    this.#text = this.#text.slice(this.#position) + bytes;
    this.#position = 0;
    const replies: Reply[] = [];
    for (;;) {
      const start = this.#position;
      const reply = this.#reply();
      if (reply === undefined) {
        this.#position = start;
        return replies;
      }
      replies.push(reply);
    }
  }

  #reply(): Reply | undefined {
    const end = this.#text.indexOf('\r\n', this.#position);
    if (end === -1) return undefined;
    const sign = this.#text[this.#position];
    const line = this.#text.slice(this.#position + 1, end);
    this.#position = end + 2;
    if (sign === '+') return new Status(line);
    if (sign === '-') return new ErrorReply(line);
    if (sign === ':') return Number(line);
    const size = Number(line);
    if (size === -1) return null;
    return sign === '$' ? this.#bulk(size) : this.#array(size);
  }

  #bulk(size: number): string | undefined {
    if (this.#position + size + 2 > this.#text.length) return undefined;
    const text = this.#text.slice(this.#position, this.#position + size);
    this.#position += size + 2;
    return text;
  }

  #array(size: number): Reply[] | undefined {
    const elements: Reply[] = [];
    for (let count = 0; count < size; count += 1) {
      const element = this.#reply();
      if (element === undefined) return undefined;
      elements.push(element);
    }
    return elements;
  }
}

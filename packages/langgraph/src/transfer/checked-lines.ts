import { createHash } from 'node:crypto';

/**
 * Writes and reads lines of JSON, each of which ends with a checksum over itself and all lines before it: a line that was
 * changed, moved, left out or put in is noticed where it stands.
 */
export class CheckedLines {
  #sum = '';

  /** Returns an object as a line, without a line break. */
  write(content: object): string {
    const text = JSON.stringify(content);
    return `${text.slice(0, -1)},"sum":"${this.#next(text)}"}`;
  }

  /** Returns what a line holds; undefined for one that was damaged. */
  read(line: string): unknown {
    const end = SUM.exec(line);
    if (end === null) return undefined;
    const text = `${line.slice(0, end.index)}}`;
    if (this.#next(text) !== end[1]) return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  }

  #next(text: string): string {
    this.#sum = createHash('sha256').update(this.#sum).update('\n').update(text).digest('hex');
    return this.#sum;
  }
}

const SUM = /,"sum":"([0-9a-f]{64})"\}$/;

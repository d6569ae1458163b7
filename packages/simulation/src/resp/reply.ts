/**
 * Is what a command answers. Text is binary: one character stands for one byte, so that keys can be compared and hashed as
 * strings of the language, and every byte survives.
 */
export type Reply = number | string | null | Status | ErrorReply | readonly Reply[];

/** Is a short answer such as OK, which scripts see as a table and not as text. */
export class Status {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Is an answer that says what went wrong; its first word is its code. */
export class ErrorReply {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** Is the answer of commands that only change something. */
export const OK: Status = new Status('OK');

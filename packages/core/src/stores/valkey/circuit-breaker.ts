import type { Clock } from '../../clock.ts';

/** Is the number of failures in a row after which nothing is tried any more for a while. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 5_000;

/**
 * Spares callers the wait for a server that does not answer: after some failures in a row nothing is sent for a while, then
 * one request alone finds out whether the server is back. The pause doubles with each one that fails.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #onOpen: () => void;
  #failures = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #openUntil = 0;
  #probing = false;

  /** @param onOpen is called each time that requests begin to be held back */
  constructor(clock: Clock, onOpen: () => void) {
    this.#clock = clock;
    this.#onOpen = onOpen;
  }

  /** Tells whether requests are held back. */
  get isOpen(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Tells whether a request may be sent now. Whoever is told so reports what became of it. */
  admits(): boolean {
    if (this.#failures < FAILURES) return true;
    if (this.#probing || this.#clock.now() < this.#openUntil) return false;
    this.#probing = true;
    return true;
  }

  /** Takes note that the server has answered. */
  succeed(): void {
    this.#failures = 0;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#probing = false;
  }

  /** Takes note that the server has not answered, or cannot do its work. */
  fail(): void {
    this.#failures += 1;
    if (this.#failures < FAILURES) return;
    const isFirst = this.#failures === FAILURES;
    if (!isFirst && !this.#probing) return; // was under way when the others failed
    this.#pauseMs = isFirst ? FIRST_PAUSE_MS : Math.min(this.#pauseMs * 2, LAST_PAUSE_MS);
    this.#openUntil = this.#clock.now() + this.#pauseMs;
    this.#probing = false;
    this.#onOpen();
  }

  /** Lets the next request find out, without waiting for the end of the pause. */
  retry(): void {
    this.#openUntil = 0;
  }
}

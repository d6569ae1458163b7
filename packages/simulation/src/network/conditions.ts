/** Says what connections go through at the moment; faults change it. Probabilities are between 0 and 1. */
export interface Conditions {
  /** Is the shortest time that bytes take one way, in milliseconds. */
  delayMs: number;
  /** Is by how much it varies. */
  jitterMs: number;
  /** Is the probability that a connection breaks before a command has run. */
  lostCommands: number;
  /** Is the probability that a connection breaks after a command has run and before its answer is there. */
  lostReplies: number;
  /** Is the probability that bytes which were sent together arrive in two pieces. */
  slices: number;
  /** Is the probability that a message of a channel is lost. */
  lostMessages: number;
}

/** Is a network on a good day. */
export const GOOD: Conditions = {
  delayMs: 0.2,
  jitterMs: 0.8,
  lostCommands: 0,
  lostReplies: 0,
  slices: 0.02,
  lostMessages: 0,
};

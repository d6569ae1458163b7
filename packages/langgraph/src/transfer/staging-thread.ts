import { randomUUID } from 'node:crypto';

const PREFIX = '\0keepstep staging\0';
const ID_LENGTH = 36;

/** Names a thread that is being filled, and will be put in place of another one. Nobody else sees it. */
export function stagingThreadOf(target: string): string {
  return PREFIX + randomUUID() + target;
}

/** Tells whether a thread is one that is being filled. */
export function isStagingThread(thread: string): boolean {
  return thread.startsWith(PREFIX);
}

/** Returns the thread that what is put into a thread is meant for: the thread itself, if it is not one that is being filled. */
export function targetOf(thread: string): string {
  return isStagingThread(thread) ? thread.slice(PREFIX.length + ID_LENGTH) : thread;
}

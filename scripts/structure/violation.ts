/** Is one place where the repository breaks a rule of its structure. */
export interface Violation {
  /** Is the file from the root, with a line where there is one: `packages/core/src/id.ts:3`. */
  readonly place: string;
  readonly rule: string;
  /** Says what is wrong, in one sentence. */
  readonly problem: string;
  /** Says what to do about it, in one sentence. */
  readonly remedy: string;
}

/** Writes a violation for people. */
export function formatViolation({ place, rule, problem, remedy }: Violation): string {
  return `${place}\n  ${rule}: ${problem}\n  → ${remedy}`;
}

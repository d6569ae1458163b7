/** Turns one kind of text source into TypeScript modules. */
export interface GeneratedKind {
  /** Ends the names of its sources: `.sql`. */
  readonly ending: string;
  /**
   * Returns the module of one source, complete, or says what is wrong with the source.
   *
   * @param path is the source from the root of the repository, with slashes
   * @param read returns another source, by a path of the same form
   */
  render(path: string, source: string, read: (path: string) => string): string;
}

/** Is the ending that replaces the one of the source. */
export const GENERATED_ENDING = '.generated.ts';

/** Reports a source that no module can be made of. */
export class SourceError extends Error {}

/** Asks for a page of keys. */
export interface KeyPageRequest {
  /** Is what every key of the page begins with, compared as text; '' is every key. */
  readonly prefix: string;
  /** Is the key that the page begins after: the last one of the page before. It need not be there any more. */
  readonly after: string | undefined;
  /** Is how many keys the page holds at most. */
  readonly limit: number;
}

/**
 * Is a page of keys, sorted by their code points. A key that is there all the while stands on exactly one of the pages
 * that follow one another; one that comes or goes meanwhile stands on one at most.
 */
export interface KeyPage {
  readonly keys: readonly string[];
  /** Tells whether there are keys after the last one of the page. */
  readonly more: boolean;
}

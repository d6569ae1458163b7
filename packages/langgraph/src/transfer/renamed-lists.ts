import type { ChannelDraft, ListDraft } from '@keepstep/core';

import type { ListDigest } from '../lists/list-digest.ts';

/**
 * Gives lists the names that they have in another thread: what they are called where they come from is of no use there, and
 * where it was made up, of no harm.
 */
export class RenamedLists {
  readonly #digest: ListDigest;
  readonly #thread: string;
  readonly #names = new Map<string, string>();

  constructor(digest: ListDigest, thread: string) {
    this.#digest = digest;
    this.#thread = thread;
  }

  /** Returns a channel under the new names; undefined when its list goes on from one that has not come before. */
  renamed(draft: ChannelDraft): ChannelDraft | undefined {
    if (draft.list === undefined) return draft;
    const list = this.#list(draft.list);
    return list && { ...draft, list };
  }

  #list({ after, pieces }: ListDraft): ListDraft | undefined {
    const first = after === undefined ? undefined : this.#names.get(after);
    if (after !== undefined && first === undefined) return undefined;
    let before = first;
    const renamed: { readonly digest: string; readonly value: Uint8Array }[] = [];
    for (const { digest, value } of pieces) {
      before = this.#digest(this.#thread, before, value);
      this.#names.set(digest, before);
      renamed.push({ digest: before, value });
    }
    return { after: first, pieces: renamed };
  }
}

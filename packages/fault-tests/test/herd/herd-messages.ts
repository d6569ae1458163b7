/** Tells a process to read, so and so often at once, or to let its load return. */
export type HerdOrder = { readonly type: 'read'; readonly times: number } | { readonly type: 'finish' };

/** Tells that a process loads the value, or what its reads have returned. */
export type HerdNotice = { readonly type: 'loading' } | { readonly type: 'values'; readonly values: readonly number[] };

import type { ChannelDraft, CheckpointWrite } from '@keepstep/core';

/** Is a checkpoint on its way from one thread to another, with all that stands beside it. */
export interface ThreadEntry {
  readonly namespace: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly record: Uint8Array;
  readonly metadata: Uint8Array;
  /** Lists the channels that hold something; one without a value shares that of the parent, which has come before. */
  readonly channels: readonly ChannelDraft[];
  readonly writes: readonly CheckpointWrite[];
}

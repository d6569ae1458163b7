/**
 * Names the channels of which a checkpoint holds no value because they are made of what was written to them: LangGraph counts
 * in the metadata for how long it has been going on.
 */
export function replayedChannels(metadata: object): ReadonlySet<string> {
  const counters = (metadata as Readonly<Record<string, unknown>>)['counters_since_delta_snapshot'];
  return new Set(typeof counters === 'object' && counters !== null ? Object.keys(counters) : []);
}

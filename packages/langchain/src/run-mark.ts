import type { CallStatus } from '@keepstep/core';

/** Is as much as is needed of what LangChain keeps about a running tool. Handlers see the very same objects. */
interface ToolRun {
  readonly tags?: string[];
  readonly metadata?: Record<string, unknown>;
}

/** Says on the run of a tool how it was answered, for callback handlers and tracers: `cache:hit` among its tags, and metadata. */
export function markRun(run: unknown, status: CallStatus): void {
  const { tags, metadata } = (run ?? {}) as ToolRun;
  const isHit = status === 'hit' || status === 'stale';
  if (isHit) tags?.push('cache:hit');
  if (metadata !== undefined) Object.assign(metadata, { cache_hit: isHit, keepstep_status: status });
}

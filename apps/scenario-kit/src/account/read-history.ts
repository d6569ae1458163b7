import type { CacheMissEvent, EntryStoredEvent, ResourcePath, ResourcesInvalidatedEvent } from '@keepstep/core';

/** Is what became of the last load of one call. */
type LoadEnd =
  | { readonly end: 'stored'; readonly resources: readonly ResourcePath[] }
  | { readonly end: 'failed' | 'not kept' };

/** Is the part of a call event that says which cached result it is about. */
type ReadEvent = Pick<CacheMissEvent, 'scope' | 'sessionId' | 'toolName' | 'args'>;

/** Remembers what became of earlier calls, to say in words why a read was not answered from the cache. */
export class ReadHistory {
  readonly #loads = new Map<string, LoadEnd>();
  readonly #writes: ResourcesInvalidatedEvent[] = [];
  readonly #roots = new Map<string, string>();
  readonly #users = new Map<string, string>();

  /** Notes a session; a child shares what its parent has cached. */
  opened(sessionId: string, userId: string | undefined, parentId: string | undefined): void {
    this.#roots.set(sessionId, parentId === undefined ? sessionId : this.#rootOf(parentId));
    if (userId !== undefined) this.#users.set(sessionId, userId);
  }

  /** Forgets what a session had cached. */
  ended(sessionId: string): void {
    if (this.#rootOf(sessionId) !== sessionId) return;
    for (const key of this.#loads.keys()) if (key.startsWith(`session ${sessionId} `)) this.#loads.delete(key);
  }

  stored(event: EntryStoredEvent): void {
    this.#loads.set(this.#key(event), { end: 'stored', resources: event.resources });
  }

  /** Notes a load that left nothing behind. */
  lost(event: ReadEvent, end: 'failed' | 'not kept'): void {
    this.#loads.set(this.#key(event), { end });
  }

  invalidated(event: ResourcesInvalidatedEvent): void {
    this.#writes.push(event);
  }

  /** Says why there was no hit. */
  explain(event: CacheMissEvent): string {
    const last = this.#loads.get(this.#key(event));
    if (event.reason === 'expired') return 'older than its ttl';
    if (event.reason === 'refresh') return 'refreshed ahead of its ttl';
    if (event.reason === 'invalidated') {
      return this.#explainInvalidation(event.invalidatedBy, last?.end === 'stored' ? last.resources : []);
    }
    if (last === undefined) return event.scope === 'global' ? 'first call' : `first call of this ${event.scope}`;
    if (last.end === 'stored') return 'no longer in the store';
    return last.end === 'failed' ? 'the last call failed' : 'the last result was not kept';
  }

  #explainInvalidation(invalidatedBy: string | undefined, resources: readonly ResourcePath[]): string {
    if (invalidatedBy === undefined) return 'changed elsewhere';
    const write = this.#writes.findLast(
      (each) =>
        (each.toolName ?? 'invalidate') === invalidatedBy && each.resources.some((path) => isRelated(path, resources)),
    );
    const changed = write?.resources.filter((path) => isRelated(path, resources)).map(pathText);
    return changed === undefined ? `${invalidatedBy} changed it` : `${invalidatedBy} changed ${changed.join(' and ')}`;
  }

  #key({ scope, sessionId = '', toolName, args }: ReadEvent): string {
    const owner =
      scope === 'session' ? this.#rootOf(sessionId) : scope === 'user' ? this.#users.get(this.#rootOf(sessionId)) : '';
    return `${scope} ${owner} ${toolName} ${JSON.stringify(args)}`;
  }

  #rootOf(sessionId: string): string {
    return this.#roots.get(sessionId) ?? sessionId;
  }
}

/** Writes a resource as people read it: `cart/user_1`. */
export function pathText(path: ResourcePath): string {
  return path.join('/');
}

function isRelated(written: ResourcePath, resources: readonly ResourcePath[]): boolean {
  return resources.some((read) => {
    const length = Math.min(read.length, written.length);
    return read.slice(0, length).every((segment, index) => segment === written[index]);
  });
}

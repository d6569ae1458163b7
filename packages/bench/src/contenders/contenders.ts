import { asyncCacheDedupe } from './async-cache-dedupe.ts';
import { bentocache } from './bentocache.ts';
import { cacheableGet, cacheableGetOrSet, cacheableMemoryGet, cacheableWrap } from './cacheable.ts';
import type { Contender } from './contender.ts';
import { keepstepCache } from './keepstep-cache.ts';
import { keepstepRead, keepstepReadInQuietSession, keepstepReadInSession } from './keepstep-read.ts';
import { keyv } from './keyv.ts';
import { lruCacheFetch, lruCacheGet } from './lru-cache.ts';
import { awaitedMap, plainMap } from './plain-map.ts';

/** Lists every way of answering a call. The first one is what the others are compared with. */
export const contenders: readonly Contender[] = [
  keepstepRead,
  keepstepReadInSession,
  keepstepReadInQuietSession,
  keepstepCache,
  asyncCacheDedupe,
  bentocache,
  cacheableGetOrSet,
  cacheableWrap,
  cacheableGet,
  cacheableMemoryGet,
  keyv,
  lruCacheFetch,
  lruCacheGet,
  awaitedMap,
  plainMap,
];

/** Lists one contender for each kind of memory, the ones in which entries take different room. */
export const memories: readonly Contender[] = [
  keepstepRead,
  keepstepCache,
  asyncCacheDedupe,
  bentocache,
  cacheableGetOrSet,
  keyv,
  lruCacheGet,
  plainMap,
];

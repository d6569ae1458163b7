/** Is one page of the simulated web. */
export interface WebPage {
  readonly url: string;
  readonly title: string;
  readonly text: string;
}

/** Lists the simulated web: short articles about caching, Valkey and agents. */
export const pages: readonly WebPage[] = [
  {
    url: 'https://dev.example/lru-cache-coroutines',
    title: 'Why lru_cache breaks on async functions in Python',
    text: 'functools.lru_cache stores what a function returns. An async function returns a coroutine, and a coroutine can be awaited only once: the second caller gets "cannot reuse already awaited coroutine". Cache the result after it has been awaited, or store a task that many callers may await. A failed task must be dropped, or the error is served until it expires.',
  },
  {
    url: 'https://dev.example/asyncio-stampede',
    title: 'Caching under asyncio: one loader for many waiters',
    text: 'A hundred Python coroutines that miss the same key within one turn of the event loop start a hundred loads. Keep a dictionary of running loads and let the others await the first. When the first caller is cancelled, the others still want the answer, so protect the load with asyncio.shield.',
  },
  {
    url: 'https://dev.example/async-cache-keys',
    title: 'Cache keys for async Python APIs',
    text: 'Keyword and positional arguments spell one call in two ways, so bind them to the signature before you build a key. Skip self, and never use the memory address of an object: it is reused after garbage collection. An async caching layer should refuse arguments that it cannot name rather than guess.',
  },
  {
    url: 'https://dev.example/ttl-is-not-invalidation',
    title: 'A time to live is not invalidation',
    text: 'A short time to live makes stale answers rarer, and every answer more expensive. It never makes a read after a write correct. If the code that writes can say what it changes, invalidate there, and keep the time to live for changes that happen elsewhere.',
  },
  {
    url: 'https://dev.example/tags',
    title: 'Invalidation by tag',
    text: 'Give every cached result the names of the data it depends on, and let a write name what it changes. One counter per tag is enough: an entry remembers the counters it was loaded under and is valid while they have not moved. Invalidating a tag with a million entries is then one increment.',
  },
  {
    url: 'https://dev.example/stampede',
    title: 'Cache stampedes and how to prevent them',
    text: 'When a popular entry expires, every request that finds it missing loads it again. Remedies: a lock, so that one loads and the others wait; serving the old value while one loads; or expiring early at random, with a probability that rises towards the deadline (Vattani, Chierichetti and Lowenstein, VLDB 2015).',
  },
  {
    url: 'https://dev.example/stale-set',
    title: 'The stale set: a race that outlives the write',
    text: 'A reader loads the old value, a writer changes the data and deletes the entry, and then the reader stores what it has loaded. The cache is stale until the next write. Leases prevent it: take a token before the load, let every invalidation void the token, and refuse to store without it (Nishtala and others, NSDI 2013).',
  },
  {
    url: 'https://dev.example/sieve',
    title: 'SIEVE, an eviction algorithm simpler than LRU',
    text: 'SIEVE keeps entries in the order of their arrival and gives each one bit. A hit sets the bit and moves nothing. A hand sweeps from the oldest entry to the newest, clears bits, and evicts the first entry whose bit is clear. It needs no lock on a hit and beats LRU on many web traces (NSDI 2024).',
  },
  {
    url: 'https://dev.example/stale-while-revalidate',
    title: 'stale-while-revalidate and stale-if-error',
    text: 'RFC 5861 adds two directives to HTTP caching. stale-while-revalidate allows an expired response for some seconds while the cache fetches a new one behind the client. stale-if-error allows it when the origin fails. Neither is an excuse to serve what is known to be wrong.',
  },
  {
    url: 'https://dev.example/what-is-valkey',
    title: 'What is Valkey?',
    text: 'Valkey is an in-memory data store, forked from Redis 7.2.4 in March 2024 when Redis changed its licence. It is developed under the Linux Foundation, released under the BSD licence, and speaks the same protocol, so most clients work with both.',
  },
  {
    url: 'https://dev.example/cluster-slots',
    title: 'Slots and hash tags in Valkey Cluster',
    text: 'A Valkey cluster divides its keys into 16384 slots by the CRC16 of the key. A script or a transaction may touch keys of one slot only. Put the common part in braces, as in {user:1}:cart and {user:1}:orders, and only that part is hashed.',
  },
  {
    url: 'https://dev.example/client-side-caching',
    title: 'Client-side caching with CLIENT TRACKING',
    text: 'Valkey remembers which keys a connection has read and sends an invalidation message when one of them changes. In broadcasting mode it remembers nothing and announces every change below a prefix. A client that loses its connection must drop its copies, because messages may have been lost.',
  },
  {
    url: 'https://dev.example/eviction-policies',
    title: 'maxmemory policies of Valkey',
    text: 'With noeviction, writes fail when the memory is used up. The allkeys policies evict any key, the volatile ones only those with a time to live. LRU and LFU are approximated from a sample of keys. A cache that keeps its bookkeeping beside its entries must survive the eviction of either.',
  },
  {
    url: 'https://dev.example/repeated-tool-calls',
    title: 'Agents ask twice: repeated tool calls in recorded runs',
    text: 'Language models re-read what they have already read: to be sure, after a detour, or because the first answer has left the context. Caching tool results makes these calls cheap, if the writes of the same agent invalidate them. A result belongs to one session unless everybody may see it.',
  },
  {
    url: 'https://dev.example/loops',
    title: 'How agents run in circles',
    text: 'Three shapes cover most loops: the same call again and again, two tools that alternate, and a failing call that is retried without a change. Counting identical calls catches the first, comparing the end of the sequence with itself the second. Say to the model what to do instead, not only what went wrong.',
  },
  {
    url: 'https://dev.example/prompt-caching',
    title: 'Prompt caching is not tool caching',
    text: 'Providers cache the processed beginning of a prompt, which makes long conversations cheaper to continue. The tools still run, and their results are as old or as new as they were. Tool caching saves the calls themselves; the two add up.',
  },
];

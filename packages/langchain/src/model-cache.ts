import { InvalidOptionError, type Cache, type Duration } from '@keepstep/core';
import { checkNames } from '@keepstep/core/adapter';
import { BaseCache } from '@langchain/core/caches';
import type { BaseMessage, StoredMessage } from '@langchain/core/messages';
import type { ChatGeneration, Generation } from '@langchain/core/outputs';

import { keptMessage, repeatedMessage } from './kept-message.ts';
import { isWholeAnswer } from './whole-answer.ts';

/** Says how the answers of models are cached. */
export interface ModelCacheOptions {
  /** Holds the answers: what `createCache` returns. Whoever asks the same model the same gets them. */
  readonly cache: Cache;
  /** Is the time an answer is fresh. Default: the cache's `ttl`. */
  readonly ttl?: Duration;
  /**
   * Says what becomes of prompts with images, sounds, videos, files or other blocks that are no text. LangChain names them in
   * the key by their kind alone, so that all images are the same: `bypass` asks the model, and `collide` takes them for the
   * same. Blocks that LangChain leaves out of its key, such as reasoning, cannot be told apart. Default: `bypass`.
   */
  readonly media?: 'bypass' | 'collide';
}

/** Is a generation as plain data. */
interface KeptGeneration {
  readonly text: string;
  readonly generationInfo?: Record<string, unknown> | undefined;
  readonly message?: StoredMessage | undefined;
}

/**
 * Matches what stands in a prompt for something that is no text: the type of a content block in brackets. Whatever is
 * written in snake case or camel case may be one, as models bring new ones.
 */
const MEDIA =
  /\[(image|audio|video|file|document|media|resource|text-plain file|[a-z]+(_[a-z\d]+)+|[a-z]+([A-Z][a-z\d]+)+)\]/;

/**
 * Caches what chat models and LLMs answer: `new ChatOpenAI({ cache: new KeepstepModelCache({ cache }) })`.
 *
 * It never fails a call, hands out new objects for every hit, and keeps only answers that are whole.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export class KeepstepModelCache extends BaseCache {
  readonly #cache: Cache;
  readonly #ttl: { readonly ttl?: Duration };
  readonly #bypassesMedia: boolean;

  constructor(options: ModelCacheOptions) {
    super();
    checkNames(options, ['cache', 'ttl', 'media'] satisfies (keyof ModelCacheOptions)[]);
    const { cache, ttl, media = 'bypass' } = options;
    if (typeof cache?.get !== 'function') throw new InvalidOptionError('cache', cache, 'what createCache returns');
    if (media !== 'bypass' && media !== 'collide')
      throw new InvalidOptionError('media', media, '"bypass" or "collide"');
    this.#cache = cache;
    this.#ttl = ttl === undefined ? {} : { ttl };
    this.#bypassesMedia = media === 'bypass';
  }

  override async lookup(prompt: string, llmKey: string): Promise<Generation[] | null> {
    if (this.#isBypassed(prompt)) return null;
    try {
      const kept = await this.#cache.get<readonly KeptGeneration[]>([prompt, llmKey]);
      return kept?.map(revivedGeneration) ?? null;
    } catch {
      // LangChain would fail the call.
      return null;
    }
  }

  override async update(prompt: string, llmKey: string, value: Generation[]): Promise<void> {
    const isWhole = value.every(({ generationInfo, ...rest }) => isWholeAnswer(messageOf(rest), generationInfo));
    if (this.#isBypassed(prompt) || !isWhole) return;
    try {
      await this.#cache.set([prompt, llmKey], value.map(keptGeneration), this.#ttl);
    } catch {
      // An answer that cannot be kept is an answer all the same.
    }
  }

  #isBypassed(prompt: string): boolean {
    return this.#bypassesMedia && MEDIA.test(prompt);
  }
}

function keptGeneration(generation: Generation): KeptGeneration {
  const { text, generationInfo } = generation;
  const message = messageOf(generation);
  return { text, generationInfo, message: message && keptMessage(message) };
}

function revivedGeneration({ text, generationInfo, message }: KeptGeneration): Generation {
  return {
    text,
    ...(generationInfo !== undefined && { generationInfo }),
    ...(message !== undefined && { message: repeatedMessage(message) }),
  };
}

function messageOf(generation: Partial<Generation>): BaseMessage | undefined {
  return (generation as Partial<ChatGeneration>).message;
}

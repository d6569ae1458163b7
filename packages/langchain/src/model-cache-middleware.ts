import type { Duration, ResourceInputs, Scope, ToolCache, ToolPolicy } from '@keepstep/core';
import { checkAdapterOptions, sessionFrom, type SessionSource } from '@keepstep/core/adapter';
import { AIMessage, type StoredMessage } from '@langchain/core/messages';
import { createMiddleware, type Runtime } from 'langchain';

import { keptMessage, repeatedMessage } from './kept-message.ts';
import type { KeepstepMiddleware } from './keepstep-middleware.ts';
import { modelIdentity, type ModelQuestion } from './model-identity.ts';
import { untilStopped, wasStoppedElsewhere } from './stopped-run.ts';
import { isWholeAnswer } from './whole-answer.ts';

/** Says how the answers of an agent's model are cached. */
export interface ModelCacheMiddlewareOptions {
  readonly cache: ToolCache;
  /** Is the time an answer is fresh. Default: the cache's `ttl`. */
  readonly ttl?: Duration;
  /** Says who may share an answer. Default: "session". */
  readonly scope?: Scope;
  /** Names the data that answers depend on; invalidating it drops them. Default: "model-response". */
  readonly resource?: ResourceInputs;
  /** Names the session, always or call by call. Default: the one around the call. */
  readonly session?: SessionSource<Runtime<any>>;
}

const TOOL_NAME = 'langchain.model';

/**
 * Caches what the model of an agent answers. Its key is everything that the model sees, images and ids of tool calls included;
 * only answers that are whole are kept, and structured responses are always asked for.
 *
 * Put it last, inside of all other middleware that changes what the model is asked: it cannot see what is changed after it.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function modelCacheMiddleware(options: ModelCacheMiddlewareOptions): KeepstepMiddleware {
  checkAdapterOptions(options, OPTIONS);
  const { cache, ttl, scope, resource = 'model-response', session } = options;
  const policy: ToolPolicy = {
    kind: 'read',
    resource,
    loop: false,
    cacheIf: (kept: unknown) => isKept(kept) && isWholeAnswer(repeatedMessage(kept)),
    ...(ttl !== undefined && { ttl }),
    ...(scope !== undefined && { scope }),
  };
  cache.declare(TOOL_NAME, policy);

  async function wrapModelCall(request: any, handler: (request: any) => any): Promise<any> {
    if (request.responseFormat !== undefined) return handler(request);
    const { runtime } = request as { runtime: Runtime<any> };
    const call = {
      toolName: TOOL_NAME,
      args: [modelIdentity(request as ModelQuestion)],
      session: sessionFrom(session, runtime),
      signal: runtime.signal,
    };
    let own: { readonly answer: unknown; readonly kept: unknown } | undefined;
    let value: unknown;
    try {
      ({ value } = await cache.call(call, policy, async () => {
        const answer = await untilStopped(runtime.signal, () => handler(request));
        own = { answer, kept: AIMessage.isInstance(answer) ? keptMessage(answer) : answer };
        return own.kept;
      }));
    } catch (error) {
      if (wasStoppedElsewhere(error, runtime.signal)) return handler(request);
      throw error;
    }
    if (own !== undefined && own.kept === value) return own.answer;
    return isKept(value) ? repeatedMessage(value) : value;
  }

  return createMiddleware({ name: 'KeepstepModelCache', wrapModelCall } as any) as KeepstepMiddleware;
}

const OPTIONS: readonly string[] = [
  'cache',
  'ttl',
  'scope',
  'resource',
  'session',
] satisfies (keyof ModelCacheMiddlewareOptions)[];

function isKept(value: unknown): value is StoredMessage {
  const { type, data } = Object(value) as Partial<StoredMessage>;
  return typeof type === 'string' && typeof data === 'object';
}

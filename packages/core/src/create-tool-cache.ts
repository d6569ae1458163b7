import { createEngine } from './cache/engine.ts';
import { glance } from './cache/glance.ts';
import { locate, runToolCall, type PipelineParts } from './cache/run-tool-call.ts';
import { ToolBinding } from './cache/tool-binding.ts';
import { systemClock } from './clock.ts';
import { parseDuration } from './duration.ts';
import { InvalidArgumentError, KeepstepError } from './errors.ts';
import type { MaybePromise } from './maybe-promise.ts';
import {
  checkArgument,
  checkCallable,
  checkFunction,
  checkKnown,
  checkMethods,
  checkOneOf,
  checkOption,
  checkSignal,
  checkText,
} from './option-checks.ts';
import { parseAllResources } from './resource/resource-path.ts';
import type { Session, SessionOptions } from './session.ts';
import { AgentSession } from './session/agent-session.ts';
import { GLOBAL_PLACE, tagsIn, type Place } from './session/place.ts';
import { activeContext } from './session/session-context.ts';
import { SessionRegistry } from './session/session-registry.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import type { ToolCache, ToolCacheOptions } from './tool-cache.ts';
import type { Execution, ToolCall, ToolOutcome } from './tool-call.ts';
import { resolvePolicy, type PolicyDefaults } from './cache/resolve-policy.ts';
import type { ResolvedPolicy, ResolvedReadPolicy, ResolvedWritePolicy, ToolPolicy } from './tool-policy.ts';
import { wrapMethod, wrapTool, type ToolRunner } from './wrap-tool.ts';

/**
 * Creates a cache for the tools of an agent.
 *
 * Setting the environment variable `KEEPSTEP_DISABLED=1` lets every read run its tool, without a change in the code;
 * writes go on invalidating, for the sake of other processes.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function createToolCache(options: ToolCacheOptions = {}): ToolCache {
  checkKnown(options, OPTIONS);
  const { consistency = 'strict' } = options;
  const clock = checkMethods(options.clock ?? systemClock, 'clock', ['now', 'after']);
  const namespace = checkText(options.namespace ?? 'default', 'namespace');
  const maxStalenessMs = consistency === 'strict' ? 0 : parseConsistency(consistency);
  const ttlMs = parseDuration(options.ttl ?? '5m', 'ttl');
  const store = checkMethods(options.store ?? memoryStore({ clock }), 'store', ['entries', 'close']);
  const defaults: PolicyDefaults = { ttlMs, sharedStore: store.shared };
  const isDisabled = process.env['KEEPSTEP_DISABLED'] === '1';
  let isClosed = false;
  const parts: PipelineParts = {
    ...createEngine(
      namespace,
      store.entries(namespace, { maxStalenessMs }),
      clock,
      checkFunction(options.onEvent, 'onEvent'),
      maxStalenessMs > 0,
    ),
    suspended: () => (isClosed ? 'closed' : isDisabled ? 'disabled' : undefined),
  };
  const { owner, entries, bus, toolCounters, resourceCounters, invalidator, reads, reporter } = parts;
  const sessions = new SessionRegistry(owner, entries, clock, reporter, async (session, resources) => {
    assertOpen('invalidate');
    const place = (await session.state.home.place('session')) as Place;
    await invalidator.invalidate(
      place,
      parseAllResources(resources),
      { sessionId: session.id },
      session.state.counters,
    );
  });

  const named = new Map<string, ToolBinding>();
  const bindings = new WeakMap<ToolPolicy, Map<string, ToolBinding>>();

  function bind(toolName: string, policy: ResolvedPolicy, isNamed: boolean): ToolBinding {
    const isFree = isNamed || !named.has(toolName);
    const text = JSON.stringify(toolName);
    checkOption(isFree, 'name', undefined, `a name of its own: a tool named ${text} is wrapped already`);
    const binding = new ToolBinding(toolName, policy, namespace, toolCounters.of(toolName));
    named.set(toolName, binding);
    return binding;
  }

  function bindingOf(toolName: string, policy: ToolPolicy): ToolBinding {
    const known = bindings.get(policy)?.get(toolName);
    if (known !== undefined) return known;
    const binding = bind(toolName, resolvePolicy(policy, defaults), true);
    bindings.set(policy, (bindings.get(policy) ?? new Map<string, ToolBinding>()).set(toolName, binding));
    return binding;
  }

  function assertOpen(method: string): void {
    if (isClosed)
      throw new KeepstepError(
        'cache_closed',
        `The cache ${JSON.stringify(namespace)} is closed: ${method} is no longer possible.`,
      );
  }

  function sessionOf(given?: Session): AgentSession | undefined {
    checkSession(given);
    return (given ?? activeContext(owner)?.session) as AgentSession | undefined;
  }

  const runner: ToolRunner = {
    defaults,
    bind,
    glance: (binding, args, execute, receiver) => glance(parts, binding, args, execute, receiver),
    run(call, binding, execute, receiver) {
      if (call.session !== undefined) checkSession(call.session);
      if (call.signal !== undefined) checkSignal(call.signal);
      return runToolCall(parts, call, binding, execute, receiver);
    },
    async explain(binding, args, given) {
      const place = await locate(binding.policy, sessionOf(given), parts.suspended());
      // Loaded on first use, like everything that only people ask for.
      const { explainCall } = await import('./explain-call.ts');
      const { toolName, policy } = binding;
      const address = (where: Place) => binding.address(where, args, undefined);
      return explainCall(parts, { toolName, policy, address, tagsIn }, args, place);
    },
    async invalidate(binding, args, given) {
      assertOpen('invalidate');
      const session = sessionOf(given);
      const counters = session === undefined ? binding.counters : binding.countersWith(session.state);
      const { toolName } = binding;
      const policy = binding.policy as ResolvedReadPolicy | ResolvedWritePolicy;
      const place = await locate(policy, session, undefined);
      if (policy.kind === 'write') {
        if (typeof place !== 'string') {
          await invalidator.invalidate(place, policy.resources(args), { sessionId: session?.id, toolName }, counters);
        }
        return undefined;
      }
      const existed = typeof place !== 'string' && (await entries.delete(binding.address(place, args, undefined)));
      const info = { toolName, args, toolCallId: undefined, sessionId: session?.id, counters };
      reporter.call(info, { type: 'entry-deleted', existed }, 'invalidations');
      return existed;
    },
  };

  function checkSession(session: Session | undefined): void {
    const isOwn = session === undefined || (session instanceof AgentSession && session.owner === owner);
    checkArgument(isOwn, 'session', session, 'a session that this cache has opened');
  }

  function openSession(sessionOptions: SessionOptions = {}): AgentSession {
    assertOpen('openSession');
    return sessions.open(sessionOptions);
  }

  async function callTool<R>(
    call: ToolCall,
    policy: ToolPolicy,
    execute: (execution: Execution) => R | Promise<R>,
  ): Promise<ToolOutcome<R>> {
    checkCall(call, execute);
    return runner.run(call, bindingOf(call.toolName, policy), execute, undefined) as MaybePromise<ToolOutcome<R>>;
  }

  async function close(): Promise<void> {
    isClosed = true;
    await reads.drain();
    if (options.store === undefined) await store.close();
  }

  return {
    namespace,
    read: (fn, readOptions) => wrapTool(runner, 'read', fn, readOptions),
    write: (fn, writeOptions) => wrapTool(runner, 'write', fn, writeOptions),
    readMethod: (readOptions) => wrapMethod(runner, 'read', readOptions),
    writeMethod: (writeOptions) => wrapMethod(runner, 'write', writeOptions),
    async session(sessionOptions, fn) {
      if (typeof sessionOptions !== 'function') checkCallable(fn, 'fn');
      const session = openSession(sessionOptions);
      try {
        return await session.run(fn);
      } finally {
        await session.end();
      }
    },
    openSession,
    async invalidate(...resources) {
      assertOpen('invalidate');
      const session = sessionOf();
      const counters = session?.state.counters ?? [];
      await invalidator.invalidate(GLOBAL_PLACE, parseAllResources(resources), { sessionId: session?.id }, counters);
    },
    declare: (toolName, policy) => void bindingOf(toolName, policy),
    call: callTool,
    async *stream(...args) {
      // Loaded on first use: few tools stream.
      const { streamToolCall } = await import('./stream-tool-call.ts');
      return yield* streamToolCall(callTool, ...args);
    },
    async explain(toolName, ...args) {
      const binding = named.get(toolName);
      if (binding === undefined) {
        throw new InvalidArgumentError(
          'toolName',
          toolName,
          `the name of a wrapped tool: ${[...named.keys()].join(', ') || 'there is none yet'}`,
        );
      }
      return runner.explain(binding, args);
    },
    metrics() {
      const { entries: held, bytes, evictions } = entries.stats();
      return {
        ...parts.counters.read(),
        tools: toolCounters.read(),
        resources: resourceCounters.read(),
        entries: held,
        bytes,
        evictions,
      };
    },
    async prometheus() {
      const { formatPrometheus } = await import('./observe/prometheus.ts');
      return formatPrometheus({
        namespace,
        invalidations: parts.counters.invalidations,
        tools: toolCounters.read(),
        ...entries.stats(),
      });
    },
    on(listener) {
      checkCallable(listener, 'listener');
      return bus.on(listener);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const OPTIONS: readonly string[] = [
  'store',
  'namespace',
  'ttl',
  'consistency',
  'onEvent',
  'clock',
] satisfies (keyof ToolCacheOptions)[];

function parseConsistency(consistency: Exclude<ToolCacheOptions['consistency'], 'strict' | undefined>): number {
  const isForm =
    Object(consistency) === consistency && Object.keys(consistency).every((name) => name === 'maxStaleness');
  checkOption(isForm, 'consistency', consistency, '"strict" or { maxStaleness }');
  return parseDuration(consistency.maxStaleness, 'consistency.maxStaleness');
}

function checkCall(call: ToolCall, execute: unknown): void {
  checkArgument(
    typeof call?.toolName === 'string' && call.toolName !== '',
    'call.toolName',
    call?.toolName,
    'the name of a tool',
  );
  checkArgument(Array.isArray(call.args), 'call.args', call.args, 'an array of arguments');
  checkCallable(execute, 'execute');
  if (call.cacheControl !== undefined) checkOneOf(call.cacheControl, 'cacheControl', ['bypass', 'refresh']);
  if (call.past !== undefined) checkOneOf(call.past, 'past', [true, false]);
}

import type { Execute } from './cache/step.ts';
import type { ToolBinding } from './cache/tool-binding.ts';
import { nextId } from './id.ts';
import { isPromise, type MaybePromise } from './maybe-promise.ts';
import { checkArgument, checkCallable, checkKnown, checkText } from './option-checks.ts';
import type { CallOptions, Explanation, MethodDecorator, ReadTool, ToolFunction, WriteTool } from './tool-cache.ts';
import type { Session } from './session.ts';
import type { ToolCall, ToolOutcome } from './tool-call.ts';
import { resolveReadPolicy, resolveWritePolicy, type PolicyDefaults } from './cache/resolve-policy.ts';
import type { ReadOptions, ResolvedPolicy, WriteOptions } from './tool-policy.ts';

/** Is what a wrapper needs from its cache. */
export interface ToolRunner {
  readonly defaults: PolicyDefaults;
  /**
   * @param isNamed says that the name was given: one that was taken from the function must not be taken already
   * @throws InvalidOptionError for a name that is taken
   */
  bind(toolName: string, policy: ResolvedPolicy, isNamed: boolean): ToolBinding;
  /** Answers a call that can be answered at a glance; undefined for one that `run` has to decide. */
  glance(
    binding: ToolBinding,
    args: readonly unknown[],
    execute: Execute,
    receiver: unknown,
  ): Promise<unknown> | undefined;
  run(call: ToolCall, binding: ToolBinding, execute: Execute, receiver: unknown): MaybePromise<ToolOutcome>;
  /** @param session is the session of the call. Default: the one that is active */
  explain(binding: ToolBinding, args: readonly unknown[], session?: Session): Promise<Explanation>;
  /** Drops the result of a read, telling whether there was one, or invalidates what a write would. */
  invalidate(binding: ToolBinding, args: readonly unknown[], session?: Session): Promise<boolean | undefined>;
}

/** Is what `wrapTool` returns: one shape for both kinds, told apart by the cache's own types. */
type AnyTool<F extends ToolFunction> = ReadTool<F> & WriteTool<F>;

/**
 * Wraps a function as a tool of a cache.
 *
 * @param ownName is the name of a tool that is not given one
 * @throws InvalidOptionError for an option that is not allowed, or a name that is not given and taken already
 */
export function wrapTool<F extends ToolFunction>(
  runner: ToolRunner,
  kind: 'read' | 'write',
  fn: F,
  options: ReadOptions | WriteOptions,
  ownName: string = fn?.name,
): AnyTool<F> {
  checkCallable(fn, 'fn');
  const policy = resolve(kind, options, runner.defaults);
  const name = checkText(options.name ?? ownName, 'name');
  const binding = runner.bind(name, policy, options.name !== undefined);

  const execute: Execute = (_, receiver, args) => fn.apply(receiver, args as unknown[]);
  function invoke(receiver: unknown, args: readonly unknown[], context?: CallOptions): Promise<never> {
    try {
      const call: ToolCall = context === undefined ? { toolName: name, args } : { toolName: name, args, ...context };
      return valueOf(runner.run(call, binding, execute, receiver));
    } catch (error) {
      return Promise.reject(error);
    }
  }
  const wrapped = function (this: unknown, ...args: unknown[]): Promise<never> {
    return (runner.glance(binding, args, execute, this) as Promise<never> | undefined) ?? invoke(this, args);
  };
  const asked = (session?: Session) => ({
    explain: (...args: unknown[]) => runner.explain(binding, args, session),
    invalidate: (...args: unknown[]) => runner.invalidate(binding, args, session),
  });
  return Object.assign(named(wrapped, fn.name || name), asked(), {
    tool: { name, kind, scope: policy.scope },
    with(context: CallOptions) {
      checkKnown(context, ['session', 'signal', 'toolCallId']);
      const withContext = function (this: unknown, ...args: unknown[]): Promise<never> {
        return invoke(this, args, context);
      };
      return Object.assign(withContext, asked(context.session));
    },
    metrics: () => binding.counters[0].read(),
  }) as unknown as AnyTool<F>;
}

/** Wraps a method as a tool of a cache: a standard decorator. */
export function wrapMethod<F extends ToolFunction>(
  runner: ToolRunner,
  kind: 'read' | 'write',
  options: ReadOptions | WriteOptions,
): MethodDecorator<F> {
  return (method, context) => {
    checkArgument(context?.kind === 'method', 'target', context?.kind, 'a method of a class');
    // Two instances may stand for two databases: they share nothing unless `key` says what identifies the call.
    const key = options.key ?? perInstanceKey();
    return wrapTool(runner, kind, method, { ...options, key }, String(context.name)) as unknown as F;
  };
}

function perInstanceKey(): (this: object, ...args: readonly unknown[]) => unknown {
  const ids = new WeakMap<object, string>();
  return function (...args) {
    let id = ids.get(this);
    if (id === undefined) ids.set(this, (id = nextId()));
    return [id, args];
  };
}

function resolve(kind: 'read' | 'write', options: ReadOptions | WriteOptions, defaults: PolicyDefaults) {
  return kind === 'read'
    ? resolveReadPolicy(options as ReadOptions, defaults)
    : resolveWritePolicy(options as WriteOptions, defaults);
}

function valueOf(outcome: MaybePromise<ToolOutcome>): Promise<never> {
  return (isPromise(outcome) ? outcome.then(({ value }) => value) : Promise.resolve(outcome.value)) as Promise<never>;
}

function named<F extends (...args: never[]) => unknown>(fn: F, name: string): F {
  return Object.defineProperty(fn, 'name', { value: name, configurable: true });
}

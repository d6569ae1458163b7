import type { CallStatus } from '@keepstep/core';

/** Is as much of an OpenTelemetry span as is needed here. */
interface Span {
  setAttributes(attributes: Readonly<Record<string, string | boolean>>): unknown;
}

interface OpenTelemetry {
  readonly context?: { active(): { getValue(key: symbol): unknown } };
}

// Where every version 1 of the OpenTelemetry API registers itself, and the key under which it keeps the span. Looked up
// here, because the package that defines them must not be needed where nothing is traced.
const API: unique symbol = Symbol.for('opentelemetry.js.api.1');
const SPAN: unique symbol = Symbol.for('OpenTelemetry Context Key SPAN');

/** Returns the span that is active now, which is the SDK's own of the call; undefined where nothing is traced. */
export function activeSpan(): Span | undefined {
  return (globalThis as { [API]?: OpenTelemetry })[API]?.context?.active().getValue(SPAN) as Span | undefined;
}

/** Writes on a span how a call was answered. */
export function markSpan(span: Span | undefined, status: CallStatus): void {
  span?.setAttributes({ 'cache.hit': status === 'hit' || status === 'stale', 'keepstep.status': status });
}

export { checkAdapterOptions, checkNames } from './adapter-options.ts';
export { policyOfTool, type PolicySource } from './policy-of-tool.ts';
export { sessionFrom, type SessionSource } from './session-source.ts';
export { resolveLoopOptions, type ResolvedLoopOptions } from '../loop/loop-policy.ts';
export { findLoops, type MadeCall } from '../loop/find-loops.ts';
export { decodeValue, encodeValue } from '../codec/value-codec.ts';
export { inspectValue, VALUE_FORM } from '../codec/value-inspection.ts';

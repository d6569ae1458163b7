export { checkAdapterOptions, checkNames } from './adapter-options.ts';
export { sessionFrom, type SessionSource } from './session-source.ts';
export { policyOfTool, type PolicySource } from './policy-of-tool.ts';

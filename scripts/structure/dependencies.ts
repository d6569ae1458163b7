/** Says what a published package may depend on. */
export interface DependencyRule {
  /** Names its dependencies, exactly these. */
  readonly dependencies: readonly string[];
  /** Names the peers it may have; a framework is always one. */
  readonly peers: readonly string[];
  /** Names the peers that must be marked optional. */
  readonly optionalPeers?: readonly string[];
}

/** Is the whole list: a published package without a line here is a violation. */
export const dependencyRules: Readonly<Record<string, DependencyRule>> = {
  '@keepstep/core': { dependencies: ['devalue'], peers: [], optionalPeers: ['iovalkey'] },
  '@keepstep/langgraph': {
    dependencies: ['@keepstep/core'],
    peers: ['@langchain/core', '@langchain/langgraph', '@langchain/langgraph-checkpoint'],
  },
  '@keepstep/langchain': { dependencies: ['@keepstep/core'], peers: ['@langchain/core', 'langchain', 'zod'] },
  '@keepstep/ai-sdk': { dependencies: ['@keepstep/core'], peers: ['ai'] },
  '@keepstep/otel': { dependencies: ['@keepstep/core'], peers: ['@opentelemetry/api'] },
  '@keepstep/dashboard': { dependencies: ['@keepstep/core', 'hono'], peers: [] },
  keepstep: { dependencies: ['@keepstep/core', '@keepstep/dashboard', 'citty'], peers: [] },
};

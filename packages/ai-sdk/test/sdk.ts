import * as ai7 from 'ai';
import * as ai5 from 'ai-5';
import * as ai6 from 'ai-6';

/**
 * Is one major version of the SDK, as far as the tests use it. They are the same for all, so types of one version would
 * be wrong for the others; that the adapter has the right types is tested version by version.
 */
export interface Sdk {
  readonly name: string;
  readonly generateText: (options: any) => PromiseLike<any>;
  readonly streamText: (options: any) => any;
  readonly wrapLanguageModel: (options: any) => any;
  readonly tool: (options: any) => any;
  readonly dynamicTool: (options: any) => any;
  readonly jsonSchema: (schema: any) => any;
  readonly stepCountIs: (count: number) => any;
  /** Is the version of the specification of its language models. */
  readonly specificationVersion: 'v2' | 'v3' | 'v4';
  /** Returns the options that give a context to every tool. */
  readonly contextFor: (toolNames: readonly string[], context: object) => object;
  /** Returns the reason why a model ends, in the form of the specification. */
  readonly finishReason: (reason: string) => unknown;
  /** Returns a count of tokens, in the form of the specification. */
  readonly usage: (input: number, output: number) => object;
}

const nested = {
  finishReason: (reason: string) => ({ unified: reason, raw: `raw ${reason}` }),
  usage: (input: number, output: number) => ({
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
    raw: { given: input },
  }),
};

/** Lists the majors that the adapter serves. */
export const sdks: readonly Sdk[] = [
  {
    ...ai7,
    ...nested,
    name: 'ai 7',
    specificationVersion: 'v4',
    contextFor: (names, context) => ({ toolsContext: Object.fromEntries(names.map((name) => [name, context])) }),
  },
  {
    ...ai6,
    ...nested,
    name: 'ai 6',
    specificationVersion: 'v3',
    contextFor: (_, context) => ({ experimental_context: context }),
  },
  {
    ...ai5,
    name: 'ai 5',
    specificationVersion: 'v2',
    contextFor: (_, context) => ({ experimental_context: context }),
    finishReason: (reason) => reason,
    usage: (input, output) => ({ inputTokens: input, outputTokens: output, totalTokens: input + output }),
  },
];

/** Is the latest major. */
export const latest = sdks[0] as Sdk;

import { loopStopped } from '@keepstep/langchain';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { SystemMessage, type AIMessage } from '@langchain/core/messages';
import type { ClientTool } from '@langchain/core/tools';
import { END, interrupt, START, StateGraph, type BaseCheckpointSaver } from '@langchain/langgraph';
import { toolsCondition } from '@langchain/langgraph/prebuilt';

import { INSTRUCTIONS } from './instructions.ts';
import { Research, type ResearchState, type ResearchStep } from './research-state.ts';

/** Is what the graph is made of. */
export interface ResearchParts {
  readonly model: BaseChatModel;
  readonly tools: readonly ClientTool[];
  /** Runs the calls that the last message asks for. */
  readonly runTools: (state: ResearchState, config: object) => Promise<Partial<ResearchState>>;
  readonly checkpointer: BaseCheckpointSaver;
  /** Is told what a step has come to. */
  readonly tell: (step: ResearchStep, text: string) => void;
  /** Is called at the end of each step, when its work is done and nothing of it is recorded. */
  readonly passing: (step: ResearchStep) => void;
}

/** Is the compiled graph. */
export type ResearchGraph = ReturnType<typeof researchGraph>;

/** Makes the graph: plan, search, analyze, respond, with a node that runs tools and one that asks a person. */
export function researchGraph({ model, tools, runTools, checkpointer, tell, passing }: ResearchParts) {
  const bound = (choice?: 'none') => model.bindTools!([...tools], choice && { tool_choice: choice });

  async function ask(
    step: Exclude<ResearchStep, 'tools'>,
    { messages, outline, findings }: ResearchState,
  ): Promise<AIMessage> {
    const known = [outline && `The plan:\n${outline}`, findings && `What was found:\n${findings}`].filter(Boolean);
    const system = new SystemMessage([INSTRUCTIONS[step], ...known].join('\n\n'));
    const mayCall = step === 'search' || step === 'analyze';
    return await bound(mayCall ? undefined : 'none').invoke([system, ...messages]);
  }

  return new StateGraph(Research)
    .addNode('plan', async (state) => {
      const { text } = await ask('plan', state);
      tell('plan', text);
      passing('plan');
      return { outline: text };
    })
    .addNode('search', async (state) => {
      const message = await ask('search', state);
      passing('search');
      return hasCalls(message) ? { messages: [message] } : { findings: message.text };
    })
    .addNode('tools', async (state, config) => {
      const answers = await runTools(state, config);
      passing('tools');
      return answers;
    })
    .addNode('analyze', async (state) => {
      const message = await ask('analyze', state);
      passing('analyze');
      return hasCalls(message) ? { messages: [message] } : { findings: message.text };
    })
    .addNode('ask', ({ review, messages }) => ({
      // Answered at once where nobody wants to be asked.
      verdict: review ? interrupt<string, string>(`${messages.length} messages in: write the report?`) : 'approve',
    }))
    .addNode('respond', async (state) => {
      const { text } = await ask('respond', state);
      passing('respond');
      return { report: text };
    })
    .addEdge(START, 'plan')
    .addEdge('plan', 'search')
    .addConditionalEdges('search', nextStep, ['tools', 'ask'])
    .addConditionalEdges('tools', ({ messages }) => (loopStopped(messages) ? 'ask' : 'analyze'), ['analyze', 'ask'])
    .addConditionalEdges('analyze', nextStep, ['tools', 'ask'])
    .addConditionalEdges('ask', ({ verdict }) => (verdict === 'approve' ? 'respond' : END), ['respond', END])
    .addEdge('respond', END)
    .compile({ checkpointer });
}

function nextStep(state: ResearchState): 'tools' | 'ask' {
  return state.findings === undefined && toolsCondition(state) === 'tools' ? 'tools' : 'ask';
}

function hasCalls(message: AIMessage): boolean {
  return (message.tool_calls ?? []).length > 0;
}

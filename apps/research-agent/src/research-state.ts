import { Annotation, MessagesAnnotation } from '@langchain/langgraph';

/** Names the nodes of the graph at which a process may kill itself, and from which a thread may go on once more. */
export type ResearchStep = 'plan' | 'search' | 'tools' | 'analyze' | 'respond';

/** Is what a thread of research knows. */
export const Research = Annotation.Root({
  ...MessagesAnnotation.spec,
  /** Is how the question is to be answered. */
  outline: Annotation<string>(),
  /** Is what was found; undefined where the search was stopped. */
  findings: Annotation<string | undefined>(),
  /** Tells whether a person wants to see what was found before the report is written. */
  review: Annotation<boolean>(),
  /** Is what that person has said. */
  verdict: Annotation<string>(),
  report: Annotation<string>(),
});

/** Is what a thread of research knows, as an object. */
export type ResearchState = typeof Research.State;

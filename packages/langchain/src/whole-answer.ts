import type { BaseMessage } from '@langchain/core/messages';

/** Matches the reasons for which models cut an answer off, as providers spell them. */
const CUT_OFF =
  /^(length|max_?(output_?|completion_?)?tokens|content_?filter|safety|recitation|error|incomplete|.*_exceeded)$/i;
const REASONS = ['finish_reason', 'stop_reason', 'finishReason', 'stopReason'] as const;

/** Tells whether a model has said all it had to say: an answer that was cut off or filtered is worth another try. */
export function isWholeAnswer(message: BaseMessage | undefined, info: Readonly<Record<string, unknown>> = {}): boolean {
  const told = [info, message?.response_metadata ?? {}].flatMap((facts) => REASONS.map((name) => facts[name]));
  return !told.some((reason) => typeof reason === 'string' && CUT_OFF.test(reason));
}

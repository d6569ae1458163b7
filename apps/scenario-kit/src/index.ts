export { agentTool, type AgentTool } from './agent/agent-tool.ts';
export { concludeAgent } from './agent/conclude-agent.ts';
export {
  runAgent,
  type AgentObserver,
  type AgentOptions,
  type AgentRun,
  type ObservedSession,
} from './agent/run-agent.ts';
export { oneOf, text, wholeNumber } from './agent/tool-input.ts';
export { EmailApi } from './apis/email-api.ts';
export { InventoryApi } from './apis/inventory-api.ts';
export { formatEuros } from './apis/money.ts';
export { OrderApi } from './apis/order-api.ts';
export { PaymentApi, PaymentError } from './apis/payment-api.ts';
export { ShippingApi } from './apis/shipping-api.ts';
export { ShopApi } from './apis/shop/shop-api.ts';
export { TicketDeskApi, type TicketStatus } from './apis/ticket-desk-api.ts';
export { WebApi } from './apis/web/web-api.ts';
export { readReferenceFigures } from './replay/reference-figures.ts';
export { replayInFlight } from './replay/replay-in-flight.ts';
export { replayInTurn, type ReplayCache, type ReplayOptions } from './replay/replay-in-turn.ts';
export type { ReplayResult } from './replay/replay-result.ts';
export { studyReplays } from './replay/replay-study.ts';
export { RetailToolError } from './replay/retail-database.ts';
export { RetailPolicies, type Invalidation } from './replay/retail-policies.ts';
export { readRetailSessions, type RetailCall } from './replay/retail-sessions.ts';
export { answeredPercent, studyLines } from './replay/study-lines.ts';
export { converse, saying } from './sample/converse.ts';
export { runSample } from './sample/run-sample.ts';
export { UsageError, type SampleDescription, type SampleOptions } from './sample/sample-options.ts';
export { Stage } from './sample/stage.ts';
export { sleep } from './time/sleep.ts';

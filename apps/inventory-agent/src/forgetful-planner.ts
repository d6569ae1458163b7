import { toolResults, type ScriptedPolicy } from '@keepstep/core/testing';

/**
 * Plans like an agent with a bug that is seen in the wild: it plans from the last result alone.
 *
 * After a check it sees stock and an order to ship, so it takes one; after taking one it wants to see the stock. That the
 * order has long been shipped stands further up in the conversation, where it does not look.
 */
export const forgetfulPlanner: ScriptedPolicy = (messages) => {
  const last = toolResults(messages).at(-1);
  if (last?.toolName !== 'check_stock') {
    return { text: 'How many are there?', calls: [{ toolName: 'check_stock', input: { sku: 'SKU-42' } }] };
  }
  if (last.value.quantity === 0) return { text: 'SKU-42 is sold out.' };
  return { text: 'In stock: ship one.', calls: [{ toolName: 'update_stock', input: { sku: 'SKU-42', delta: -1 } }] };
};

import type { ToolCache } from '@keepstep/core';
import { agentTool, text, wholeNumber, type AgentTool, type InventoryApi } from '@keepstep/scenario-kit';

/** Wraps the inventory as tools of an agent. */
export function inventoryTools(cache: ToolCache, inventory: InventoryApi): AgentTool[] {
  const checkStock = cache.read(({ sku }: { sku: string }) => inventory.getStock(sku), {
    name: 'check_stock',
    resource: ({ sku }) => ['stock', sku],
    scope: 'global', // there is one stock for everybody
  });

  const updateStock = cache.write(({ sku, delta }: { sku: string; delta: number }) => inventory.adjust(sku, delta), {
    name: 'update_stock',
    invalidates: ({ sku }) => ['stock', sku],
    scope: 'global',
  });

  return [
    agentTool(checkStock, {
      description: 'Returns how much of an article there is, and in which warehouse.',
      input: { sku: text('The article, for example SKU-42') },
    }),
    agentTool(updateStock, {
      description: 'Adds to the stock of an article, or takes from it. Returns the new stock.',
      input: {
        sku: text('The article, for example SKU-42'),
        delta: wholeNumber('What is added; negative to take from the stock'),
      },
    }),
  ];
}

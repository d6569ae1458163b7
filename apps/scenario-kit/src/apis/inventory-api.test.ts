import { expect, it } from 'vitest';

import { SimulatedClock } from '../time/simulated-clock.ts';
import { InventoryApi } from './inventory-api.ts';

it('takes from the warehouse that has most, and keeps a record', async () => {
  const inventory = new InventoryApi(new SimulatedClock());
  expect(await inventory.adjust('SKU-42', -1)).toMatchObject({
    quantity: 11,
    warehouses: { Leipzig: 7, Rotterdam: 4 },
  });
  expect(inventory.movements).toEqual([{ sku: 'SKU-42', warehouse: 'Leipzig', delta: -1 }]);
});

it('refuses to take more than a warehouse holds', async () => {
  const inventory = new InventoryApi(new SimulatedClock());
  await expect(inventory.adjust('SKU-42', -9)).rejects.toThrow('No warehouse holds 9 of SKU-42.');
  expect(inventory.stockOf('SKU-42').quantity).toBe(12);
});

it('keeps the stock of two inventories apart', async () => {
  const [one, other] = [new InventoryApi(new SimulatedClock()), new InventoryApi(new SimulatedClock())];
  await one.adjust('SKU-42', -1);
  expect((await other.getStock('SKU-42')).quantity).toBe(12);
});

import type { Clock } from '@keepstep/core';

import { Upstream } from './upstream.ts';

/** Is how much there is of one article, and where. */
export interface Stock {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly warehouses: Readonly<Record<string, number>>;
}

/** Is one change of the stock. */
export interface StockMovement {
  readonly sku: string;
  readonly warehouse: string;
  readonly delta: number;
}

/** Reports a request that the inventory refuses. */
class InventoryError extends Error {
  override readonly name = 'InventoryError';
}

/** Is the inventory of two warehouses. */
export class InventoryApi {
  readonly upstream: Upstream;
  /** Lists every change, oldest first: the truth about how often the stock was changed. */
  readonly movements: StockMovement[] = [];
  readonly #stock = new Map(SHELVES.map(({ sku, name, warehouses }) => [sku, { name, warehouses: { ...warehouses } }]));

  constructor(clock: Clock) {
    this.upstream = new Upstream('inventory', clock);
  }

  getStock(sku: string): Promise<Stock> {
    return this.upstream.request('get stock', 80, () => this.stockOf(sku));
  }

  /** Adds to the stock, or takes from it: out of the warehouse that has most. */
  adjust(sku: string, delta: number): Promise<Stock> {
    return this.upstream.request('adjust stock', 110, () => {
      const { warehouses } = this.#find(sku);
      const [warehouse, held] = Object.entries(warehouses).reduce((most, each) => (each[1] > most[1] ? each : most));
      if (held + delta < 0) throw new InventoryError(`No warehouse holds ${-delta} of ${sku}.`);
      warehouses[warehouse] = held + delta;
      this.movements.push({ sku, warehouse, delta });
      return this.stockOf(sku);
    });
  }

  /** Returns the true stock without a request. */
  stockOf(sku: string): Stock {
    const { name, warehouses } = this.#find(sku);
    const quantity = Object.values(warehouses).reduce((sum, held) => sum + held, 0);
    return { sku, name, quantity, warehouses };
  }

  #find(sku: string): { name: string; warehouses: Record<string, number> } {
    const found = this.#stock.get(sku);
    if (found === undefined) throw new InventoryError(`There is no article ${sku}.`);
    return found;
  }
}

const SHELVES = [
  { sku: 'SKU-42', name: 'Drift Mouse', warehouses: { Leipzig: 8, Rotterdam: 4 } },
  { sku: 'SKU-43', name: 'Harbour Dock', warehouses: { Leipzig: 0, Rotterdam: 31 } },
  { sku: 'SKU-77', name: 'Felt Sleeve 13', warehouses: { Leipzig: 120, Rotterdam: 64 } },
];

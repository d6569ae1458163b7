import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { countedTool, READ_STOCK, WRITE_STOCK } from '../conformance-tool.ts';

const PEN = { item: 'pen' };

/** Checks that a store which fails never fails a call. */
export const storeFailureCases: readonly AdapterCase[] = (['throw', 'reject'] as const).map((kind) => ({
  name: `goes on answering, with true results, while every request to the store is ${kind === 'throw' ? 'refused at once' : 'rejected'}`,
  async run({ cache, store, connect }) {
    const client = await connect(countedTool('check_stock', READ_STOCK), countedTool('set_stock', WRITE_STOCK));
    const session = cache.openSession();
    assert.equal(await client.value('check_stock', PEN, { session }), 1);
    const fault = store.inject({ kind });
    assert.equal(await client.value('set_stock', PEN, { session }), 1);
    for (let runs = 2; runs < 4; runs += 1) assert.equal(await client.value('check_stock', PEN, { session }), runs);
    assert.ok(fault.hits > 0, 'the store is never asked');
  },
}));

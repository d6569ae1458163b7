import type { ResourcePath, ToolPolicy } from '@keepstep/core';

import type { RetailCall } from './retail-sessions.ts';

type Arguments = any;

/** Says what a write invalidates: nothing, what it declares, or what the recording says it changed. */
export type Invalidation = 'none' | 'declared' | 'class' | 'entity';

// From the arguments alone, as one would write it in the field.
const READ_RESOURCES: Readonly<Record<string, (input: Arguments) => ResourcePath>> = {
  get_order_details: ({ order_id }) => ['order', order_id],
  get_user_details: ({ user_id }) => ['user', user_id],
  get_product_details: ({ product_id }) => ['product', product_id],
  list_all_product_types: () => ['catalog', 'product-types'],
  find_user_id_by_email: ({ email }) => ['lookup', `email:${email}`],
  find_user_id_by_name_zip: ({ first_name, last_name, zip }) => [
    'lookup',
    `name-zip:${first_name}|${last_name}|${zip}`.toLowerCase(),
  ],
};

// Whose gift card pays for a change of an order, its arguments do not say: any user's record may change.
const orderAndItsUser = ({ order_id }: Arguments): ResourcePath[] => [['order', order_id], ['user']];
const order = ({ order_id }: Arguments): ResourcePath[] => [['order', order_id]];

const DECLARED_WRITES: Readonly<Record<string, (input: Arguments) => ResourcePath[]>> = {
  cancel_pending_order: orderAndItsUser,
  modify_pending_order_items: orderAndItsUser,
  modify_pending_order_payment: orderAndItsUser,
  modify_pending_order_address: order,
  exchange_delivered_order_items: order,
  return_delivered_order_items: order,
  modify_user_address: ({ user_id }) => [['user', user_id], ['lookup']],
};

/** Takes what the recording says has changed: the second argument of a write. */
const RECORDED_WRITES = {
  class: (_: Arguments, writes: readonly ResourcePath[]) => orNothing(writes.map((path) => path.slice(0, 1))),
  entity: (_: Arguments, writes: readonly ResourcePath[]) => orNothing(writes),
};

/** Holds the policies of all retail tools, one object each: the cache tells policies apart by identity. */
export class RetailPolicies {
  readonly #invalidation: Invalidation;
  readonly #policies = new Map<string, ToolPolicy>();

  constructor(invalidation: Invalidation) {
    this.#invalidation = invalidation;
  }

  of({ tool, kind }: RetailCall): ToolPolicy {
    let policy = this.#policies.get(tool);
    if (policy === undefined)
      this.#policies.set(tool, (policy = kind === 'read' ? readPolicy(tool) : this.#writePolicy(tool)));
    return policy;
  }

  #writePolicy(tool: string): ToolPolicy {
    const declared = DECLARED_WRITES[tool];
    if (declared === undefined) throw new Error(`No policy for the write tool ${tool}.`);
    if (this.#invalidation === 'none') return { kind: 'other' };
    const invalidates = this.#invalidation === 'declared' ? declared : RECORDED_WRITES[this.#invalidation];
    return { kind: 'write', scope: 'global', invalidates };
  }
}

/** Returns the resource that a read declares. */
export function declaredResource({ tool, args }: RetailCall): ResourcePath {
  const resource = READ_RESOURCES[tool];
  if (resource === undefined) throw new Error(`No policy for the read tool ${tool}.`);
  return resource(args);
}

function readPolicy(tool: string): ToolPolicy {
  return {
    kind: 'read',
    scope: 'global',
    ttl: '7d',
    resource: (input) => declaredResource({ tool, args: input } as RetailCall),
  };
}

// An empty list is no list of resources to the cache; nobody reads this one.
function orNothing(paths: readonly ResourcePath[]): readonly ResourcePath[] {
  return paths.length > 0 ? paths : [['nothing']];
}

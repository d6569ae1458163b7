import { NearCache, nearTable } from '../../near-cache/near-cache.ts';
import type { Store } from '../../store/store.ts';
import { ClockFeeds } from './clock-feeds.ts';
import { KeyLayout } from './key-layout.ts';
import { LayoutAgreement } from './layout-agreement.ts';
import { LeaseWatch } from './lease-watch.ts';
import { Messages } from './messages.ts';
import { openClient } from './open-client.ts';
import type { ValkeyAddress } from './valkey-address.ts';
import { ValkeyConnection } from './valkey-connection.ts';
import { ValkeyEntries } from './valkey-entries.ts';
import { ValkeyCheckpoints } from './state/valkey-checkpoints.ts';
import { ValkeyState } from './state/valkey-state.ts';
import { resolveValkeyOptions, type ResolvedValkeyOptions, type ValkeyStoreOptions } from './valkey-options.ts';

/**
 * Creates a store on Valkey, for many processes on many machines: one server, one watched by Sentinel, or a cluster. It
 * connects on first use; `ready` waits for that, for five seconds at most.
 *
 * @throws InvalidOptionError for options that are not allowed
 */
export function valkeyStore(options: ValkeyStoreOptions): Store {
  const resolved = resolveValkeyOptions(options);
  const { client, address, clientOptions, budgetMs, clock } = resolved;
  const connection = new ValkeyConnection({
    open: async () => client ?? openClient(address as ValkeyAddress, { budgetMs, clientOptions }),
    isOwn: client === undefined,
    clock,
    budgetMs,
  });
  const table = nearTable(resolved.maxCopies, resolved.maxCopyBytes);
  const opened: { close(): void }[] = [];
  return {
    name: 'valkey',
    shared: true,
    entries(namespace, { maxStalenessMs }) {
      const { entries, close } = openEntries(resolved, connection, new NearCache(table), namespace, maxStalenessMs);
      opened.push({ close });
      return entries;
    },
    state(namespace) {
      const state = new ValkeyState(connection, namespace, clock, resolved.stateBudgetMs);
      opened.push(state);
      return state;
    },
    checkpoints: (namespace) => new ValkeyCheckpoints(connection, namespace, clock, resolved.stateBudgetMs),
    ready: () => connection.ready(),
    async close() {
      for (const each of opened) each.close();
      connection.close();
    },
  };
}

function openEntries(
  resolved: ResolvedValkeyOptions,
  connection: ValkeyConnection,
  near: NearCache,
  namespace: string,
  maxStalenessMs: number,
): { readonly entries: ValkeyEntries; readonly close: () => void } {
  const { clock, partitions } = resolved;
  const layout = new KeyLayout(namespace, partitions);
  const feeds = new ClockFeeds(connection, layout, clock, (epoch) => near.drop((copy) => copy.epoch === epoch));
  const watch = new LeaseWatch(connection, clock);
  const agreement = new LayoutAgreement(connection, layout);
  const channels = layout.partitions.map(({ channel }) => channel);
  const messages = new Messages(connection, channels, (message, channel) => {
    const [kind, ...words] = message.split(' ');
    if (kind === 'D') watch.end(words[1] as string);
    if (kind === 'E') entries.forgetSession(words[0] as string);
    if (kind !== 'I') return;
    const [epoch, seq, score] = words as [string, string, string];
    const tags = message.slice(`I ${epoch} ${seq} ${score} `.length).split('\u001f').filter(Boolean);
    const partition = layout.partitions[channels.indexOf(channel)];
    if (partition !== undefined) feeds.of(partition).mirror.pushed(epoch, Number(seq), tags, Number(score));
  });
  const entries = new ValkeyEntries({
    ...resolved,
    connection,
    feeds,
    near,
    layout,
    watch,
    maxStalenessMs,
    listen: () => messages.open(),
    agreed: () => {
      if (maxStalenessMs > 0) messages.open();
      return agreement.reached();
    },
  });
  return {
    entries,
    close() {
      messages.close();
      watch.close();
      near.drop();
    },
  };
}

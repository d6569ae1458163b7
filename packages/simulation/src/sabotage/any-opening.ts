import type { Patch } from './sabotage.ts';

/** Lets an entry be read for any opening of its session, on the server and past it. */
export const anyOpening: readonly Patch[] = [
  {
    file: 'stores/valkey/lua/acquire.lua',
    find: 'if entry and entry.opening ~= ARGV[8] then entry = nil end',
    replace: '',
  },
  {
    file: 'stores/valkey/entry-finder.ts',
    find: "if (record.opening !== (session?.opening ?? '') || left",
    replace: 'if (left',
  },
];

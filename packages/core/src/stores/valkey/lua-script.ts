import { hash } from 'node:crypto';

/** Is a Lua script; the server knows it by the SHA-1 of its text. */
export interface LuaScript {
  readonly name: string;
  readonly source: string;
}

/** Returns the name by which the server knows a script that it has run before. */
export function shaOf(script: LuaScript): string {
  let sha = known.get(script);
  if (sha === undefined) known.set(script, (sha = hash('sha1', script.source)));
  return sha;
}

const known = new WeakMap<LuaScript, string>();

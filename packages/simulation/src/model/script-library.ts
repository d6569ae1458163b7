import { createHash } from 'node:crypto';

import type { CompiledScript, LuaMachine } from '../lua/lua-machine.ts';
import { ErrorReply } from '../resp/reply.ts';

/** Is a script that the server knows. */
export interface Script {
  readonly sha: string;
  readonly compiled: CompiledScript;
  /** Holds the flags of its first line; undefined for a script without one, whose commands are judged one by one. */
  readonly flags: ReadonlySet<string> | undefined;
}

const FLAGS = new Set(['allow-oom', 'no-writes', 'allow-stale', 'no-cluster', 'allow-cross-slot-keys']);

/** Keeps the scripts of one server process: they are neither saved nor replicated, and a restart forgets them. */
export class ScriptLibrary {
  readonly #machine: LuaMachine;
  readonly #prepare: (text: string) => string;
  readonly #known = new Map<string, Script>();
  /** Outlives a flush, so that no text is compiled twice. */
  readonly #compiled = new Map<string, Script>();

  /** @param prepare changes the text of a script before it is compiled; its digest remains that of the text that came */
  constructor(machine: LuaMachine, prepare: (text: string) => string = (text) => text) {
    this.#machine = machine;
    this.#prepare = prepare;
  }

  /** Returns a script by its digest. */
  find(sha: string): Script | undefined {
    return this.#known.get(sha.toLowerCase());
  }

  /** Compiles a script and keeps it. */
  load(text: string): Script | ErrorReply {
    const sha = createHash('sha1').update(text, 'latin1').digest('hex');
    const script = this.#compiled.get(sha) ?? this.#compile(sha, this.#prepare(text));
    if (script instanceof ErrorReply) return script;
    this.#compiled.set(sha, script);
    this.#known.set(sha, script);
    return script;
  }

  /** Forgets every script. */
  flush(): void {
    this.#known.clear();
  }

  #compile(sha: string, text: string): Script | ErrorReply {
    const flags = parseFlags(text);
    if (flags instanceof ErrorReply) return flags;
    const compiled = this.#machine.compile(flags === undefined ? text : text.slice(firstLine(text).length));
    return compiled instanceof ErrorReply ? compiled : { sha, compiled, flags };
  }
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}

function parseFlags(text: string): ReadonlySet<string> | undefined | ErrorReply {
  if (!text.startsWith('#!')) return undefined;
  const [engine, ...options] = firstLine(text).slice(2).trim().split(/\s+/);
  if (engine !== 'lua') return new ErrorReply(`ERR Unexpected engine in script shebang: ${engine}`);
  const flags = new Set<string>();
  for (const option of options) {
    if (!option.startsWith('flags=')) return new ErrorReply(`ERR Unknown lua shebang option: ${option}`);
    for (const flag of option.slice('flags='.length).split(',').filter(Boolean)) {
      if (!FLAGS.has(flag)) return new ErrorReply(`ERR Unexpected flag in script shebang: ${flag}`);
      flags.add(flag);
    }
  }
  return flags;
}

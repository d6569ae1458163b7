import type { LuaMachine } from '../lua/lua-machine.ts';
import { ErrorReply, type Reply } from '../resp/reply.ts';
import { CommandError, integer, word, type Command, type CommandContext } from './command.ts';
import { dataCommands } from './commands/data-commands.ts';
import type { Script, ScriptLibrary } from './script-library.ts';

/** Is the answer of a replica to a command that changes data. */
export const READ_ONLY = "READONLY You can't write against a read only replica.";

/** Is the answer of a full server to a command that may need memory. */
export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

const NO_WRITES = 'ERR Write commands are not allowed from read-only scripts.';

/** Is what running a script needs from its server. */
export interface ScriptHost extends CommandContext {
  readonly scripts: ScriptLibrary;
  readonly isFull: boolean;
  readonly isReplica: boolean;
}

/** Runs scripts under the rules of the server: who may write, who may need memory, and what went before a failure stays. */
export class ScriptRunner {
  static readonly words: Pick<Command, 'least'> = { least: 3 };
  readonly #machine: LuaMachine;
  readonly #host: ScriptHost;

  constructor(machine: LuaMachine, host: ScriptHost) {
    this.#machine = machine;
    this.#host = host;
  }

  /** Tells whether a command runs a script. */
  static runs(name: string): boolean {
    return name === 'EVAL' || name === 'EVALSHA';
  }

  /** Runs EVAL or EVALSHA. */
  run(words: readonly string[]): Reply {
    const script = this.#scriptOf(words);
    if (script instanceof ErrorReply) return script;
    const count = integer(words[2]);
    if (count < 0) throw new CommandError("ERR Number of keys can't be negative");
    if (count > words.length - 3) throw new CommandError("ERR Number of keys can't be greater than number of args");
    const refusal = this.#refusal(script);
    if (refusal !== undefined) return refusal;
    const keys = words.slice(3, 3 + count);
    const run = this.#commandRunner(script);
    return this.#machine.run(script.compiled, script.sha, keys, words.slice(3 + count), run);
  }

  #scriptOf(words: readonly string[]): Script | ErrorReply {
    if (words[0]?.toUpperCase() === 'EVAL') return this.#host.scripts.load(word(words, 1));
    return this.#host.scripts.find(word(words, 1)) ?? new ErrorReply('NOSCRIPT No matching script.');
  }

  /** A script that says what it does is judged before it begins; one that does not, command by command. */
  #refusal({ flags }: Script): ErrorReply | undefined {
    if (flags === undefined || flags.has('no-writes')) return undefined;
    if (this.#host.isReplica) return new ErrorReply(READ_ONLY);
    return this.#host.isFull && !flags.has('allow-oom') ? new ErrorReply(OUT_OF_MEMORY) : undefined;
  }

  #commandRunner({ flags }: Script): (command: readonly string[]) => Reply {
    const host = this.#host;
    // Whether memory is short is looked at once, and no more after the first write: half a script is worse than a full server.
    let mayGrow = !host.isFull || flags?.has('allow-oom') === true;
    return (words) => {
      const command = dataCommands.get(words[0]?.toUpperCase() ?? '');
      if (command === undefined) return unknown(words);
      if (words.length < command.least || words.length > (command.most ?? Infinity)) {
        return new ErrorReply('ERR Wrong number of args calling command from script');
      }
      const isSilent = command.writes !== true && command.spreads !== true;
      if (!isSilent && flags?.has('no-writes') === true) return new ErrorReply(NO_WRITES);
      if (command.writes === true && host.isReplica) return new ErrorReply(READ_ONLY);
      if (command.grows === true && !mayGrow) return new ErrorReply(OUT_OF_MEMORY);
      if (command.writes === true) mayGrow = true;
      try {
        return command.run(host, words);
      } catch (error) {
        if (error instanceof CommandError) return error.reply;
        throw error;
      }
    };
  }
}

function unknown(words: readonly string[]): ErrorReply {
  const isKnown = NOT_FOR_SCRIPTS.has(words[0]?.toUpperCase() ?? '');
  return new ErrorReply(
    isKnown ? 'ERR This Redis command is not allowed from script' : 'ERR Unknown command called from script',
  );
}

const NOT_FOR_SCRIPTS = new Set([
  'AUTH',
  'CLIENT',
  'CONFIG',
  'EVAL',
  'EVALSHA',
  'EXEC',
  'HELLO',
  'MULTI',
  'QUIT',
  'ROLE',
  'SCRIPT',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
]);

import { createHash } from 'node:crypto';

import { ErrorReply, Status, type Reply } from '../resp/reply.ts';
import { LuaMemory, type LuaExports } from './lua-memory.ts';
import { SCRIPT_ENVIRONMENT } from './script-environment.ts';

const REGISTRY = -10_000;
const GLOBALS = -10_002;
const BOOLEAN = 1;
const NUMBER = 3;
const TEXT = 4;
const TABLE = 5;

/** Runs a command for a script. */
export type CommandRunner = (command: readonly string[]) => Reply;

/** Is a script that was compiled. */
export type CompiledScript = number;

/** Runs scripts of the server on a virtual machine for Lua 5.1, the version that the server itself runs. */
export class LuaMachine {
  readonly #memory: LuaMemory;
  readonly #lua: LuaExports;
  readonly #state: number;
  readonly #names: Readonly<Record<'KEYS' | 'ARGV' | 'ok' | 'err' | 'source' | 'line' | 'chunk', number>>;
  readonly #handler: number;
  readonly #compiled = new Map<string, CompiledScript>();
  #run: CommandRunner = () => new ErrorReply('ERR no command may be called now');

  private constructor(memory: LuaMemory) {
    this.#memory = memory;
    const lua = memory.exports;
    this.#lua = lua;
    const name = (text: string): number => memory.keep(text);
    this.#names = {
      KEYS: name('KEYS'),
      ARGV: name('ARGV'),
      ok: name('ok'),
      err: name('err'),
      source: name('source'),
      line: name('line'),
      chunk: name('@user_script'),
    };
    this.#state = lua._luaL_newstate();
    lua._luaL_openlibs(this.#state);
    this.#load(SCRIPT_ENVIRONMENT, memory.keep('=environment'));
    lua._lua_pushcclosure(
      this.#state,
      lua.addFunction(() => this.#call(), 'ii'),
      0,
    );
    lua._lua_pushcclosure(
      this.#state,
      lua.addFunction(() => this.#sha1hex(), 'ii'),
      0,
    );
    if (lua._lua_pcall(this.#state, 2, 1, 0) !== 0) throw new Error(memory.read(this.#state, -1));
    this.#handler = lua._luaL_ref(this.#state, REGISTRY);
  }

  /** Starts a virtual machine. */
  static async create(): Promise<LuaMachine> {
    return new LuaMachine(await LuaMemory.create());
  }

  /** Compiles a script; text that is no Lua gives the message of the compiler. */
  compile(text: string): CompiledScript | ErrorReply {
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const problem = this.#load(text);
    if (problem !== undefined) return new ErrorReply(`ERR Error compiling script (new function): ${problem}`);
    const compiled = this.#lua._luaL_ref(this.#state, REGISTRY);
    this.#compiled.set(text, compiled);
    return compiled;
  }

  /**
   * Runs a script.
   *
   * @param sha names it in messages
   */
  run(
    script: CompiledScript,
    sha: string,
    keys: readonly string[],
    parameters: readonly string[],
    run: CommandRunner,
  ): Reply {
    const lua = this.#lua;
    const state = this.#state;
    this.#setGlobal(this.#names.KEYS, keys);
    this.#setGlobal(this.#names.ARGV, parameters);
    lua._lua_rawgeti(state, REGISTRY, this.#handler);
    lua._lua_rawgeti(state, REGISTRY, script);
    this.#run = run;
    const failed = lua._lua_pcall(state, 0, 1, 1) !== 0;
    const reply = failed ? this.#problem(sha) : this.#replyAt(-1);
    lua._lua_settop(state, 0);
    return reply;
  }

  #load(text: string, name = this.#names.chunk): string | undefined {
    const pointer = this.#memory.borrow(text);
    if (this.#lua._luaL_loadbuffer(this.#state, pointer, text.length, name) === 0) return undefined;
    const problem = this.#memory.read(this.#state, -1);
    this.#lua._lua_settop(this.#state, 0);
    return problem;
  }

  #setGlobal(name: number, values: readonly string[]): void {
    this.#pushReply(values);
    this.#lua._lua_setfield(this.#state, GLOBALS, name);
  }

  /** Is called by scripts: a command and its parameters come in, an answer or nothing and a problem go out. */
  #call(): number {
    const count = this.#lua._lua_gettop(this.#state);
    const command: string[] = [];
    for (let index = 1; index <= count; index += 1) {
      const type = this.#lua._lua_type(this.#state, index);
      if (type === TEXT) command.push(this.#memory.read(this.#state, index));
      else if (type === NUMBER) command.push(String(this.#lua._lua_tonumber(this.#state, index)));
      else return this.#refuse('ERR Command arguments must be strings or integers');
    }
    if (count === 0) return this.#refuse('ERR Please specify at least one argument for this call');
    const reply = this.#run(command);
    if (reply instanceof ErrorReply) return this.#refuse(reply.message);
    this.#pushReply(reply);
    return 1;
  }

  #refuse(message: string): number {
    this.#lua._lua_pushnil(this.#state);
    this.#pushReply(new ErrorReply(message));
    return 2;
  }

  #sha1hex(): number {
    const text = this.#memory.read(this.#state, 1);
    this.#memory.push(this.#state, createHash('sha1').update(text, 'latin1').digest('hex'));
    return 1;
  }

  #pushReply(reply: Reply): void {
    const lua = this.#lua;
    const state = this.#state;
    if (typeof reply === 'string') this.#memory.push(state, reply);
    else if (typeof reply === 'number') lua._lua_pushnumber(state, reply);
    else if (reply === null) lua._lua_pushboolean(state, 0);
    else if (reply instanceof Status) this.#pushField(this.#names.ok, reply.text);
    else if (reply instanceof ErrorReply) this.#pushField(this.#names.err, reply.message);
    else {
      lua._lua_checkstack(state, 3);
      lua._lua_createtable(state, reply.length, 0);
      for (let index = 0; index < reply.length; index += 1) {
        this.#pushReply(reply[index] as Reply);
        lua._lua_rawseti(state, -2, index + 1);
      }
    }
  }

  #pushField(name: number, text: string): void {
    this.#lua._lua_createtable(this.#state, 0, 1);
    this.#memory.push(this.#state, text);
    this.#lua._lua_setfield(this.#state, -2, name);
  }

  /** Turns a value of Lua into an answer, and loses what the server loses: fractions, and all that follows a nil. */
  #replyAt(index: number): Reply {
    const lua = this.#lua;
    const state = this.#state;
    const type = lua._lua_type(state, index);
    if (type === NUMBER) return Math.trunc(lua._lua_tonumber(state, index)) + 0;
    if (type === TEXT) return this.#memory.read(state, index);
    if (type === BOOLEAN) return lua._lua_toboolean(state, index) === 1 ? 1 : null;
    if (type !== TABLE) return null;
    const table = index < 0 ? lua._lua_gettop(state) + index + 1 : index;
    const err = this.#field(table, this.#names.err);
    if (err !== undefined) return new ErrorReply(err);
    const ok = this.#field(table, this.#names.ok);
    if (ok !== undefined) return new Status(ok);
    return this.#elements(table);
  }

  #elements(table: number): Reply[] {
    const lua = this.#lua;
    const state = this.#state;
    const elements: Reply[] = [];
    lua._lua_checkstack(state, 3);
    for (let index = 1; ; index += 1) {
      lua._lua_rawgeti(state, table, index);
      const isEnd = lua._lua_type(state, -1) === 0;
      if (!isEnd) elements.push(this.#replyAt(-1));
      lua._lua_settop(state, -2);
      if (isEnd) return elements;
    }
  }

  #field(table: number, name: number): string | undefined {
    this.#lua._lua_getfield(this.#state, table, name);
    const isText = this.#lua._lua_type(this.#state, -1) === TEXT;
    const text = isText ? this.#memory.read(this.#state, -1) : undefined;
    this.#lua._lua_settop(this.#state, -2);
    return text;
  }

  #problem(sha: string): ErrorReply {
    const top = this.#lua._lua_gettop(this.#state);
    const message = this.#field(top, this.#names.err) ?? 'ERR unknown error';
    const source = this.#field(top, this.#names.source);
    if (source === undefined) return new ErrorReply(`${message} script: ${sha}`);
    this.#lua._lua_getfield(this.#state, top, this.#names.line);
    const line = this.#lua._lua_tonumber(this.#state, -1);
    return new ErrorReply(`${message} script: ${sha}, on ${source}:${line}.`);
  }
}

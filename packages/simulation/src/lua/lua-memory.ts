import { LuaApi } from 'wasmoon-lua5.1';

/** Is the part of the virtual machine's exports that is used here; pointers and sizes are numbers. */
export interface LuaExports {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  addFunction(body: (state: number) => number, signature: string): number;
  _malloc(size: number): number;
  _free(pointer: number): void;
  _luaL_newstate(): number;
  _luaL_openlibs(state: number): void;
  _luaL_loadbuffer(state: number, text: number, size: number, name: number): number;
  _luaL_ref(state: number, table: number): number;
  _lua_close(state: number): void;
  _lua_createtable(state: number, elements: number, fields: number): void;
  _lua_gettop(state: number): number;
  _lua_settop(state: number, index: number): void;
  _lua_insert(state: number, index: number): void;
  _lua_type(state: number, index: number): number;
  _lua_tonumber(state: number, index: number): number;
  _lua_toboolean(state: number, index: number): number;
  _lua_tolstring(state: number, index: number, size: number): number;
  _lua_pushboolean(state: number, value: number): void;
  _lua_pushcclosure(state: number, body: number, upvalues: number): void;
  _lua_pushlstring(state: number, text: number, size: number): void;
  _lua_pushnil(state: number): void;
  _lua_pushnumber(state: number, value: number): void;
  _lua_pushvalue(state: number, index: number): void;
  _lua_getfield(state: number, index: number, name: number): void;
  _lua_setfield(state: number, index: number, name: number): void;
  _lua_rawgeti(state: number, index: number, element: number): void;
  _lua_rawseti(state: number, index: number, element: number): void;
  _lua_checkstack(state: number, extra: number): number;
  _lua_pcall(state: number, parameters: number, results: number, handler: number): number;
}

/**
 * Carries text into the memory of the Lua virtual machine and out of it, byte for byte. The bindings that come with the
 * machine speak UTF-8, which our keys and scores are not, so its exports are used as they are.
 */
export class LuaMemory {
  readonly exports: LuaExports;
  readonly #size: number;
  #buffer: number;
  #capacity = 4096;

  private constructor(exports: LuaExports) {
    this.exports = exports;
    this.#size = exports._malloc(4);
    this.#buffer = exports._malloc(this.#capacity);
  }

  /** Starts a virtual machine of its own. */
  static async create(): Promise<LuaMemory> {
    const api = await LuaApi.initialize();
    return new LuaMemory(api.module);
  }

  /** Returns a pointer to text that ends with a zero byte and stays for good. */
  keep(text: string): number {
    const pointer = this.exports._malloc(text.length + 1);
    this.#write(pointer, text);
    this.exports.HEAPU8[pointer + text.length] = 0;
    return pointer;
  }

  /** Pushes text. */
  push(state: number, text: string): void {
    this.exports._lua_pushlstring(state, this.borrow(text), text.length);
  }

  /** Returns a pointer to text that stays until the next text comes. */
  borrow(text: string): number {
    if (text.length > this.#capacity) {
      this.exports._free(this.#buffer);
      this.#capacity = 2 ** Math.ceil(Math.log2(text.length));
      this.#buffer = this.exports._malloc(this.#capacity);
    }
    this.#write(this.#buffer, text);
    return this.#buffer;
  }

  /** Reads the text at an index of the stack. */
  read(state: number, index: number): string {
    const pointer = this.exports._lua_tolstring(state, index, this.#size);
    const length = this.exports.HEAPU32[this.#size >> 2] as number;
    const bytes = this.exports.HEAPU8;
    if (length > 48) return Buffer.from(bytes.buffer, pointer, length).toString('latin1');
    let text = '';
    for (let offset = 0; offset < length; offset += 1) text += String.fromCharCode(bytes[pointer + offset] as number);
    return text;
  }

  #write(pointer: number, text: string): void {
    const bytes = this.exports.HEAPU8;
    if (text.length > 64) {
      Buffer.from(bytes.buffer, pointer, text.length).write(text, 'latin1');
      return;
    }
    for (let offset = 0; offset < text.length; offset += 1) bytes[pointer + offset] = text.charCodeAt(offset);
  }
}

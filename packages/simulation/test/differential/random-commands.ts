/** Draws commands for a few keys, most of them sensible: all that the model knows, with all their options and mistakes. */
export class RandomCommands {
  readonly #random: () => number;
  #times = 1;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Returns the next command. */
  next(): string[] {
    const command = this.#one(this.#kinds)();
    if (command[1]?.startsWith('q') === true) return command;
    // Now and then a word is lost, twice there, or strange.
    const at = 1 + this.#below(Math.max(1, command.length - 1));
    if (this.#chance(0.04)) command.splice(at, 1);
    if (this.#chance(0.02)) command.splice(at, 0, command[at] ?? 'x');
    if (this.#chance(0.03)) command[at] = this.#one(['', '\0', 'ÿþ', '-1', '1e400', 'nan', '(', 'x'.repeat(300)]);
    return this.#chance(0.1) ? [(command[0] as string).toLowerCase(), ...command.slice(1)] : command;
  }

  readonly #kinds: readonly (() => string[])[] = [
    () => ['SET', this.#key('s'), this.#text(), ...this.#some(this.#setOption, 0.5)],
    () => [this.#one(['GET', 'STRLEN', 'TYPE', 'PTTL', 'EXISTS']), this.#key()],
    () => ['GETRANGE', this.#key('s'), this.#position(), this.#position()],
    () => ['SETRANGE', this.#key('s'), this.#position(), this.#text()],
    () => ['RENAME', this.#key(), this.#key()],
    () => ['APPEND', this.#key('s'), this.#text()],
    () => ['MGET', this.#key(), this.#key('s')],
    () => [this.#one(['INCR', 'GETDEL']), this.#key('s')],
    () => ['INCRBY', this.#key('s'), this.#number()],
    () => [this.#one(['DEL', 'UNLINK']), this.#key(), ...this.#some(() => [this.#key()], 0.3)],
    () => ['PEXPIRE', this.#key(), this.#one(['0', '-5', this.#time()])],
    () => ['PEXPIRE', this.#key(), this.#time(), this.#one(['NX', 'XX', 'GT', 'LT', 'gt'])],
    () => [this.#one(['PERSIST', 'TTL']), this.#key()],
    () => ['ZADD', this.#key('z'), ...this.#some(this.#zaddOption, 0.4), this.#score(), this.#member()],
    () => ['ZADD', this.#key('z'), this.#score(), this.#member(), this.#score(), this.#member()],
    () => ['ZINCRBY', this.#key('z'), this.#score(), this.#member()],
    () => [this.#one(['ZSCORE', 'ZREM', 'ZMSCORE']), this.#key('z'), this.#member()],
    () => ['ZMSCORE', this.#key('z'), this.#member(), this.#member(), this.#member()],
    () => ['ZREM', this.#key('z'), this.#member(), this.#member()],
    () => ['ZCARD', this.#key('z')],
    () => ['ZCOUNT', this.#key('z'), this.#bound(), this.#bound()],
    () => ['ZRANGE', this.#key('z'), this.#position(), this.#position(), ...this.#some(() => ['WITHSCORES'], 0.5)],
    () => ['ZRANGE', this.#key('z'), this.#bound(), this.#bound(), 'BYSCORE', ...this.#some(this.#rangeOption, 0.6)],
    () => ['ZRANGE', this.#level(), this.#lex(), this.#lex(), 'BYLEX', ...this.#some(this.#rangeOption, 0.5)],
    () => ['ZRANGEBYSCORE', this.#key('z'), this.#bound(), this.#bound(), ...this.#some(this.#rangeOption, 0.5)],
    () => ['ZREVRANGEBYSCORE', this.#key('z'), this.#bound(), this.#bound()],
    () => ['ZREVRANGE', this.#key('z'), this.#position(), this.#position()],
    () => ['ZADD', this.#level(), '0', this.#member()],
    () => [this.#one(['ZRANGEBYLEX', 'ZREVRANGEBYLEX']), this.#level(), this.#lex(), this.#lex()],
    () => ['ZREMRANGEBYSCORE', this.#key('z'), this.#bound(), this.#bound()],
    () => ['ZREMRANGEBYRANK', this.#key('z'), this.#position(), this.#position()],
    () => ['HSET', this.#key('h'), this.#member(), this.#text(), ...this.#some(() => [this.#member(), '1'], 0.4)],
    () => ['HINCRBY', this.#key('h'), this.#member(), this.#number()],
    () => [this.#one(['HGET', 'HDEL', 'HEXISTS', 'HMGET']), this.#key('h'), this.#member()],
    () => [this.#one(['HDEL', 'HMGET']), this.#key('h'), this.#member(), this.#member()],
    () => ['HSETNX', this.#key('h'), this.#member(), this.#text()],
    () => [this.#one(['HGETALL', 'HKEYS', 'HLEN', 'HVALS', 'LLEN', 'XLEN']), this.#key()],
    () => [this.#one(['RPUSH', 'LPUSH']), this.#key('l'), this.#text(), ...this.#some(() => [this.#text()], 0.5)],
    () => [this.#one(['LRANGE', 'LTRIM']), this.#key('l'), this.#position(), this.#position()],
    () => ['XADD', this.#key('x'), this.#streamId(), 'f', this.#text()],
    () => ['XADD', this.#key('x'), 'MAXLEN', this.#one(['3', '5']), this.#streamId(), 'f', '1'],
    () => ['XADD', this.#key('x'), 'MAXLEN', '~', '100', this.#streamId(), 'f', '1'],
    () => ['XRANGE', this.#key('x'), this.#streamId('-'), this.#streamId('+'), ...this.#some(this.#count, 0.3)],
    () => ['XREVRANGE', this.#key('x'), this.#streamId('+'), this.#streamId('-'), ...this.#some(this.#count, 0.5)],
    () => [this.#one(['NOSUCH', 'ZNOSUCH']), this.#text()],
    () => ['PUBLISH', 'nobody', this.#text()],
    () => ['SCAN', '0', 'COUNT', '1000', 'MATCH', 'no*ne'],
  ];

  #key = (favourite?: string): string =>
    favourite !== undefined && this.#chance(0.85)
      ? `${favourite}${this.#below(3)}`
      : `${this.#one('szhlx')}${this.#below(3)}`;
  /** Is a sorted set whose scores are all equal: only such a one has an order of its members alone. */
  #level = (): string => `q${this.#below(2)}`;
  /** Is never the same twice, and seconds apart: two servers do not read their clocks in the same millisecond. */
  #time = (): string => String(1_000_000 + 5000 * (this.#times = (this.#times * 7 + 3) % 997));
  #text = (): string =>
    this.#one(['', 'a', 'hello world', '12', '-7', '\0\u0001ÿ', 'line\r\nend', '3.5', 'y'.repeat(70)]);
  #number = (): string => this.#one(['1', '-1', '5', '900', '0', 'x']);
  #position = (): string => String(this.#below(9) - 4);
  #member = (): string => this.#one(['a', 'b', 'c', '\0e', '\0s', '=g:a/', '*g:', 'ÿ', '']);
  #score = (): string =>
    this.#one([
      '0',
      '1',
      '2',
      '-1.5',
      '0.5',
      '1e15',
      '1000000000000003',
      '4503599627370497',
      'inf',
      '-inf',
      '1e17',
      'x',
    ]);
  #bound = (): string => (this.#chance(0.3) ? '(' : '') + this.#one(['-inf', '+inf', '0', '1', '2', '1e15', 'x']);
  #lex = (): string => this.#one(['-', '+', '[a', '(a', '[b', '(c', '[=', '[ÿ', 'a']);
  #streamId = (extra = '*'): string => this.#one([extra, '1-1', '2-0', '3', '5-7', '0-0', '900-0', '901-1', 'x']);
  #count = (): string[] => ['COUNT', this.#one(['1', '2', '0', 'x'])];
  #setOption = (): string[] =>
    this.#one([
      ['NX'],
      ['XX'],
      ['GET'],
      ['KEEPTTL'],
      ['PX', '900000'],
      ['EX', '9000'],
      ['PX', '0'],
      ['PX'],
      ['NX', 'GET'],
    ]);
  #zaddOption = (): string[] =>
    this.#one([
      ['NX'],
      ['XX'],
      ['GT'],
      ['LT'],
      ['CH'],
      ['INCR'],
      ['GT', 'CH'],
      ['NX', 'GT'],
      ['NX', 'XX'],
      ['XX', 'INCR'],
    ]);
  #rangeOption = (): string[] =>
    this.#one([['WITHSCORES'], ['LIMIT', '0', '2'], ['LIMIT', '1', '-1', 'WITHSCORES'], ['REV'], ['LIMIT', '1']]);

  #some(draw: () => string[], probability: number): string[] {
    return this.#chance(probability) ? draw() : [];
  }

  #one<Item>(items: { readonly length: number; readonly [index: number]: Item }): Item {
    return items[this.#below(items.length)] as Item;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }
}

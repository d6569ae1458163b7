import type { RandomCommands } from './random-commands.ts';

const SHEBANGS = ['', '', '#!lua\n', '#!lua flags=allow-oom\n', '#!lua flags=no-writes\n', '#!lua flags=nonsense\n'];

const ENDINGS = [
  'return out',
  'return #out',
  "return table.concat({ 'a', 1e15, 0.5, 4503599627370497 }, '|')",
  "return { 1, 2.9, -2.9, 'x', true, false, 3 }",
  'return { 1, nil, 3 }',
  'return { ok = "FINE" }',
  'return { err = "MY word" }',
  'return redis.error_reply("no luck")',
  'return redis.sha1hex(ARGV[1])',
  'return nowhere',
  "return { string.gsub('hello', 'l', 'L'), string.find('abc', 'b', 1, true), math.floor(-2.5), math.max(1, 9) }",
  'error("thrown")',
  'error({ err = "OWN thrown" })',
  'return { KEYS[1], ARGV[1], ARGV[9] }',
  "return string.match('12 34', '^(%d+) (%d+)$')",
  "return { string.byte(ARGV[1], 1) or -1, string.format('%.0f', 2 ^ 52 + 1), tostring(1e15), 10 / 4 }",
  'return { unpack(ARGV) }',
  'return nil',
  "return { tonumber('ff', 16), string.format('%.0f', tonumber('ffffffffffff', 16)), tonumber('zz', 16) or 'none' }",
  "return { tonumber('0x10', 10) or 'none', tonumber(' 12 '), tonumber('1e3'), tonumber('') or 'none', tonumber('z', 36) }",
  "return string.format('%d|%5.1f|%s|%q|%x|%03d', 3.7, 2.25, ARGV[1], 'a\\nb', 255, 7)",
  'return 2 ^ 53',
];

/** Draws scripts that run a few commands, hold on to what they answer, and end in one of many ways. */
export function randomScript(commands: RandomCommands, random: () => number): string[] {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const lines = ['local out = {}'];
  for (let count = Math.floor(random() * 4); count > 0; count -= 1) {
    const call = random() < 0.5 ? 'call' : 'pcall';
    lines.push(`out[#out + 1] = redis.${call}(${orderedCommand(commands).map(quoted).join(', ')})`);
  }
  lines.push(pick(ENDINGS));
  return ['EVAL', pick(SHEBANGS) + lines.join('\n'), '1', 's0', pick(['', 'one', '\0ÿ\n'])];
}

/** Draws a command whose answer has an order: the fields of a large hash have none. */
function orderedCommand(commands: RandomCommands): string[] {
  const command = commands.next();
  return /^h(getall|keys|vals)$/i.test(command[0] ?? '') ? orderedCommand(commands) : command;
}

/** Writes text, or a small number, as Lua does. */
function quoted(text: string): string {
  if (/^-?\d{1,3}$/.test(text)) return text;
  return `"${text.replaceAll(/[^ -!#-[\]-~]/g, (each) => `\\${String(each.charCodeAt(0)).padStart(3, '0')}`)}"`;
}

/** Writes a text as a template literal, line by line as it is in the source. */
export function textLiteral(text: string): string {
  return `\`${text.replace(/[\\`]|\$\{/g, '\\$&')}\``;
}

/** Writes a doc comment of the given lines. */
export function docComment(lines: readonly string[], indent = ''): string {
  const [only = '', ...more] = lines.map((line) => line.replaceAll('*/', '* /'));
  if (more.length === 0) return `${indent}/** ${only} */\n`;
  return `${indent}/**\n${[only, ...more].map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`;
}

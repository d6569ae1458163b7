import { styleText } from 'node:util';

type Colour = Extract<Parameters<typeof styleText>[0], string>;

/** Colours a text where standard output is a terminal that wants it; elsewhere it stays as it is. */
export function paint(colour: Colour, text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}

import type { Command } from '../command.ts';
import { hashCommands } from './hash-commands.ts';
import { keyCommands } from './key-commands.ts';
import { listCommands } from './list-commands.ts';
import { serverCommands } from './server-commands.ts';
import { sortedSetCommands } from './sorted-set-commands.ts';
import { streamCommands } from './stream-commands.ts';
import { stringCommands } from './string-commands.ts';

/** Holds every command that scripts and connections may both call, by its name in capitals. */
export const dataCommands: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...keyCommands,
    ...stringCommands,
    ...hashCommands,
    ...listCommands,
    ...sortedSetCommands,
    ...streamCommands,
    ...serverCommands,
  }),
);

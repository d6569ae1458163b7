import { interopParseAsync, isInteropZodSchema } from '@langchain/core/utils/types';

/** Is the part of a tool that says what its input is. */
export interface ToolSchema {
  readonly schema?: unknown;
}

/** Returns the input of a tool as the tool gets it, defaults and all; undefined for one that does not fit. */
export async function parsedArguments(
  { schema }: ToolSchema,
  args: unknown,
): Promise<{ readonly value: unknown } | undefined> {
  if (!isInteropZodSchema(schema)) return { value: args };
  try {
    return { value: await interopParseAsync(schema, args) };
  } catch {
    return undefined;
  }
}

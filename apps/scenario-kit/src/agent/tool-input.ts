/** Describes one property of a tool's input, for the model and for the check of what it sends. */
export interface InputField<Value> {
  readonly type: Value extends string ? 'string' : 'integer';
  readonly description: string;
  readonly enum?: readonly Value[];
}

/** Describes every property of a tool's input. */
export type InputFields<Input> = { readonly [Name in keyof Input]-?: InputField<Input[Name]> };

/** Reports an input that a model has made up wrongly; its message is written for the model. */
class ToolInputError extends Error {
  override readonly name = 'ToolInputError';
}

/** Describes a text. */
export function text(description: string): InputField<string> {
  return { type: 'string', description };
}

/** Describes a text that is one of a few. */
export function oneOf<Value extends string>(values: readonly Value[], description: string): InputField<Value> {
  return { type: 'string', description, enum: values } as InputField<Value>;
}

/** Describes a whole number. */
export function wholeNumber(description: string): InputField<number> {
  return { type: 'integer', description };
}

/** Returns the JSON Schema of an input. */
export function inputSchema(fields: object): object {
  return { type: 'object', properties: fields, required: Object.keys(fields), additionalProperties: false };
}

/**
 * Checks what a model sends. Properties that nobody asked for are dropped, so that they do not tell two equal calls apart.
 *
 * @throws ToolInputError for a property that is missing or of another type
 */
export function parseInput<Input>(fields: InputFields<Input>, input: unknown): Input {
  if (typeof input !== 'object' || input === null) throw new ToolInputError('The input must be a JSON object.');
  const known = Object.entries<InputField<unknown>>(fields).map(([name, field]) => {
    const value = (input as Record<string, unknown>)[name];
    if (!isAllowed(value, field)) {
      throw new ToolInputError(`"${name}" must be ${describe(field)}, not ${JSON.stringify(value) ?? 'missing'}.`);
    }
    return [name, value];
  });
  return Object.fromEntries(known) as Input;
}

function isAllowed(value: unknown, field: InputField<unknown>): boolean {
  if (field.enum !== undefined) return field.enum.includes(value);
  return field.type === 'integer' ? Number.isInteger(value) : typeof value === 'string';
}

function describe(field: InputField<unknown>): string {
  if (field.enum !== undefined) return `one of ${field.enum.join(', ')}`;
  return field.type === 'integer' ? 'a whole number' : 'a text';
}

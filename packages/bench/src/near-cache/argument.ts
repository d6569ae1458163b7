/** Is the one argument of the tool that the bench calls: a text, or a small object. */
export type Argument = string | { readonly userId: string; readonly limit: number };

/** Names the form of the argument. */
export type ArgumentForm = 'text' | 'object';

/** Returns the argument with a number; the same number gives an equal one. */
export function argumentOf(form: ArgumentForm, number: number): Argument {
  // Joined, not concatenated: V8 keeps a concatenation in two parts until it is first looked at.
  const userId = ['user', number].join('_');
  return form === 'text' ? userId : { userId, limit: 20 };
}

/** Returns the error for a record of LangGraph's own form that nothing is made of, and says how to read it nevertheless. */
export function refusedRecord(what: string): SyntaxError {
  return new SyntaxError(
    `${what} is not made of what is stored. Whoever trusts the store can read it with the option ` +
      'serde: new MemorySaver().serde.',
  );
}

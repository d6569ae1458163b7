/**
 * Streams the parts of a response as the model gives them.
 *
 * @param first is the first step of `parts`, which was asked for already
 * @param left is told when the reader leaves
 */
export function liveStream<Part>(
  first: Promise<IteratorResult<Part, unknown>>,
  parts: AsyncIterator<Part, unknown>,
  left: AbortController,
): ReadableStream<Part> {
  let next: Promise<IteratorResult<Part, unknown>> | undefined = first;
  return new ReadableStream({
    async pull(controller) {
      const step = await (next ?? parts.next());
      next = undefined;
      if (step.done === true) controller.close();
      else controller.enqueue(step.value);
    },
    cancel: (reason) => left.abort(reason),
  });
}

/** Answers what the parent process asks, each request by its own function; an empty request tells that the child is there. */
export function serveRequests(answers: Readonly<Record<string, (request: never) => unknown>>): void {
  process.on('message', ({ id, request }: { id: number; request: { do?: string } }) => {
    const reply = (result: object): void => void process.send?.({ id, ...result });
    const answer = request.do === undefined ? () => true : answers[request.do];
    Promise.resolve(request as never)
      .then(answer)
      .then(
        (result) => reply({ answer: result }),
        (error: unknown) => reply({ error: String(error) }),
      );
  });
}

/** Returns the options that the parent has given. */
export function givenOptions(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

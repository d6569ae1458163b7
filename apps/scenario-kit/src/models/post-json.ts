/** Reports that a provider did not answer, or not with success. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/**
 * Sends a JSON request to a provider and returns its answer.
 *
 * @throws ModelError that names the provider and what it said
 */
export async function postJson(url: string, headers: Readonly<Record<string, string>>, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    throw new ModelError(`${url} does not answer.`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) throw new ModelError(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

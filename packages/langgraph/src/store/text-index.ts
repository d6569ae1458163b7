import { checkNames } from '@keepstep/core/adapter';
import { InvalidArgumentError, InvalidOptionError } from '@keepstep/core';

import { readTextPath, textsAt, type TextPath } from './text-path.ts';
import { unitVector, vectorText } from './vector-text.ts';

/** Turns texts into vectors, one for each. */
export type EmbeddingFunction = (
  texts: string[],
) => readonly (readonly number[])[] | Promise<readonly (readonly number[])[]>;

/** Is what an `Embeddings` of LangChain offers. */
export interface EmbeddingModel {
  embedDocuments(texts: string[]): Promise<number[][]>;
  embedQuery(text: string): Promise<number[]>;
}

/** Configures the search by meaning. */
export interface KeepstepIndexOptions {
  /** Is the length of the vectors. */
  readonly dims: number;
  /** Turns texts into vectors: an `Embeddings` of LangChain, or a function. */
  readonly embeddings: EmbeddingModel | EmbeddingFunction;
  /** Leads to the texts of an item, for example `title`, `parts[*].text` or `$`, the whole. Default: `["$"]`. */
  readonly fields?: readonly string[];
}

/** Is what becomes of the vectors of an item that is put. */
export interface IndexRequest {
  readonly value: Readonly<Record<string, unknown>>;
  /** Leads to the texts; undefined stands for the fields of the index. */
  readonly paths: readonly TextPath[] | undefined;
}

/** Makes vectors of items and queries. */
export class TextIndex {
  readonly #dims: number;
  readonly #documents: EmbeddingFunction;
  readonly #query: (text: string) => Promise<readonly number[] | undefined>;
  readonly #fields: readonly TextPath[];

  /** @throws InvalidOptionError for an option that is not allowed */
  constructor(options: KeepstepIndexOptions) {
    if (typeof options !== 'object' || options === null) {
      throw new InvalidOptionError('index', options, 'an object with dims and embeddings');
    }
    checkNames(options, ['dims', 'embeddings', 'fields'], 'index.');
    const { dims, embeddings, fields = ['$'] } = options;
    if (!Number.isInteger(dims) || dims < 1)
      throw new InvalidOptionError('index.dims', dims, 'a whole number of at least 1');
    if (typeof embeddings === 'function') {
      this.#documents = embeddings;
      this.#query = async (text) => (await embeddings([text]))[0];
    } else if (typeof embeddings?.embedDocuments === 'function' && typeof embeddings.embedQuery === 'function') {
      this.#documents = (texts) => embeddings.embedDocuments(texts);
      this.#query = (text) => embeddings.embedQuery(text);
    } else {
      throw new InvalidOptionError(
        'index.embeddings',
        embeddings,
        'a function, or an object with embedDocuments, embedQuery',
      );
    }
    if (!Array.isArray(fields)) throw new InvalidOptionError('index.fields', fields, 'an array of paths');
    this.#dims = dims;
    this.#fields = fields.map((field: string) => {
      const path = typeof field === 'string' ? readTextPath(field) : undefined;
      if (path === undefined) throw new InvalidOptionError('index.fields', field, PATHS);
      return path;
    });
  }

  /**
   * Returns the vectors of items as they are stored; undefined for one that has no text. Each text is embedded once.
   *
   * @throws whatever the embeddings throw
   */
  async vectorsOf(requests: readonly IndexRequest[]): Promise<readonly (string | undefined)[]> {
    const textsOfEach = requests.map(
      ({ value, paths = this.#fields }) => new Set(paths.flatMap((path) => textsOf(value, path))),
    );
    const all = [...new Set(textsOfEach.flatMap((each) => [...each]))];
    if (all.length === 0) return requests.map(() => undefined);
    const vectors = await this.#documents([...all]);
    if (!Array.isArray(vectors) || vectors.length !== all.length) {
      throw new InvalidOptionError(
        'index.embeddings',
        vectors,
        `what returns a vector for each text, here ${all.length}`,
      );
    }
    const known = new Map(all.map((text, place) => [text, this.#checked(vectors[place] as readonly number[])]));
    return textsOfEach.map((each) =>
      each.size === 0 ? undefined : vectorText([...each].map((text) => known.get(text) as readonly number[])),
    );
  }

  /** Returns the vector of a query. */
  async vectorOf(query: string): Promise<Float32Array> {
    return unitVector(this.#checked(await this.#query(query)));
  }

  #checked(vector: readonly number[] | undefined): readonly number[] {
    const numbers = Array.isArray(vector) || ArrayBuffer.isView(vector) ? Array.from(vector as readonly number[]) : [];
    if (numbers.length !== this.#dims) {
      const allowed = `${numbers.length}, the length of what the embeddings return`;
      throw new InvalidOptionError('index.dims', this.#dims, allowed);
    }
    if (!numbers.every((each) => Number.isFinite(each))) {
      throw new InvalidOptionError('index.embeddings', numbers, 'what returns vectors of finite numbers');
    }
    return numbers;
  }
}

/**
 * Reads the paths of a put.
 *
 * @throws InvalidArgumentError for what is no path
 */
export function readPaths(paths: readonly string[]): readonly TextPath[] {
  if (!Array.isArray(paths)) throw new InvalidArgumentError('index', paths, 'false, or an array of paths');
  return paths.map((each: string) => {
    const path = typeof each === 'string' ? readTextPath(each) : undefined;
    if (path === undefined) throw new InvalidArgumentError('index', each, PATHS);
    return path;
  });
}

const PATHS = 'a path such as "title", "meta.title", "parts[*].text", "parts[-1]", "{title,author}", "*" or "$"';

/** An empty text says nothing, and most models refuse it. */
function textsOf(value: unknown, path: TextPath): readonly string[] {
  try {
    return textsAt(value, path).filter((text) => text !== '');
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new InvalidArgumentError('index', cause.message, 'paths to what can be written as JSON');
  }
}

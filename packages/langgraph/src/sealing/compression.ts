import { InvalidOptionError } from '@keepstep/core';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** Names a way to compress. */
export type Compression = 'gzip' | 'brotli' | 'zstd';

/** Is a way to compress, with the number that stands for it in what is stored. */
export interface Compressor {
  readonly number: number;
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  /** Rejects for what it has not compressed, and for more than `length` bytes. */
  decompress(bytes: Uint8Array, length: number): Promise<Uint8Array>;
}

const COMPRESSIONS: readonly Compression[] = ['gzip', 'brotli', 'zstd'];

/**
 * Returns a way to compress.
 *
 * @throws InvalidOptionError for one that is unknown, or that this version of Node does not have
 */
export function compressorOf(compression: Compression): Compressor {
  if (!COMPRESSIONS.includes(compression)) {
    throw new InvalidOptionError('compression', compression, COMPRESSIONS.map((name) => `"${name}"`).join(', '));
  }
  const found = compressorNumbered(COMPRESSIONS.indexOf(compression) + 1);
  if (found !== undefined) return found;
  throw new InvalidOptionError('compression', compression, '"gzip" or "brotli" with this version of Node');
}

/** Returns the way to compress that a number stands for; undefined where this version of Node does not have it. */
export function compressorNumbered(number: number): Compressor | undefined {
  switch (COMPRESSIONS[number - 1]) {
    case 'gzip':
      return { number, compress: gzip, decompress: (bytes, length) => gunzip(bytes, limits(length)) };
    case 'brotli':
      return {
        number,
        compress: (bytes) => brotli(bytes, BROTLI),
        decompress: (bytes, length) => unbrotli(bytes, limits(length)),
      };
    case 'zstd':
      if (typeof zlib.zstdCompress !== 'function') return undefined;
      return {
        number,
        compress: promisify(zlib.zstdCompress),
        decompress: (bytes, length) => promisify(zlib.zstdDecompress)(bytes, limits(length)),
      };
    default:
      return undefined;
  }
}

// It would refuse 0, which a damaged head may tell.
function limits(length: number): { readonly maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, length) };
}

const gzip = promisify<Uint8Array, Uint8Array>(zlib.gzip);
const gunzip = promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.gunzip);
const brotli = promisify<Uint8Array, zlib.BrotliOptions, Uint8Array>(zlib.brotliCompress);
const unbrotli = promisify<Uint8Array, zlib.BrotliOptions, Uint8Array>(zlib.brotliDecompress);

// Its default is for pages that are compressed once; a step of a graph would wait for it.
const BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };

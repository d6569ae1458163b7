import { InvalidOptionError } from '@keepstep/core';
import { hkdfSync } from 'node:crypto';

/** Configures encryption. */
export interface EncryptionOptions {
  /** Lists the keys: the first one encrypts, all of them decrypt. */
  readonly keys: readonly EncryptionKey[];
  /** Lets through what was stored without encryption, while a store is being moved over. Default: false. */
  readonly allowUnencrypted?: boolean;
}

/** Is a key, with the name by which what it has encrypted asks for it. */
export interface EncryptionKey {
  /** Names the key; it is stored beside everything that the key has encrypted, and never given to another one. */
  readonly id: string;
  /** Is 32 random bytes, or a text of them in base64 or hexadecimal digits. */
  readonly key: Uint8Array | string;
}

/** Is a key as it is used. */
export interface RingKey {
  readonly id: string;
  /** Is derived from the key of the user, which may serve other purposes as well. */
  readonly secret: Uint8Array;
  /** Is another one, for the names of lists. */
  readonly listSecret: Uint8Array;
}

/** Holds the keys: one that encrypts, and those that still decrypt. */
export class KeyRing {
  readonly current: RingKey;
  readonly allowUnencrypted: boolean;
  readonly #keys = new Map<string, RingKey>();

  /** @throws InvalidOptionError for keys that are not allowed; no key is in the message */
  constructor(options: EncryptionOptions) {
    const { keys, allowUnencrypted = false, ...others } = checkObject(options, 'encryption', 'an object with keys');
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new InvalidOptionError(`encryption.${unknown}`, HIDDEN, 'keys, allowUnencrypted');
    if (typeof allowUnencrypted !== 'boolean') {
      throw new InvalidOptionError('encryption.allowUnencrypted', allowUnencrypted, 'true or false');
    }
    if (!Array.isArray(keys) || keys.length === 0) {
      throw new InvalidOptionError('encryption.keys', HIDDEN, 'a list of at least one key');
    }
    this.allowUnencrypted = allowUnencrypted;
    for (const [place, key] of (keys as readonly EncryptionKey[]).entries()) {
      const read = ringKeyOf(key, `encryption.keys[${place}]`);
      if (this.#keys.has(read.id)) {
        throw new InvalidOptionError(`encryption.keys[${place}].id`, read.id, 'an id that no other key has');
      }
      this.#keys.set(read.id, read);
    }
    this.current = this.#keys.values().next().value as RingKey;
  }

  /** Lists the ids of the keys, for a message. */
  get ids(): string {
    return [...this.#keys.keys()].map((id) => JSON.stringify(id)).join(', ');
  }

  find(id: string): RingKey | undefined {
    return this.#keys.get(id);
  }
}

function ringKeyOf(given: EncryptionKey, option: string): RingKey {
  const { id, key } = checkObject(given, option, 'an object with id and key');
  if (typeof id !== 'string' || id === '' || !id.isWellFormed() || Buffer.byteLength(id) > LONGEST_ID) {
    throw new InvalidOptionError(`${option}.id`, id, `a text of 1 to ${LONGEST_ID} bytes`);
  }
  const bytes = bytesOfKey(key);
  if (bytes?.length !== KEY_LENGTH) {
    throw new InvalidOptionError(
      `${option}.key`,
      HIDDEN,
      '32 bytes, or a text of them in base64 or hexadecimal digits',
    );
  }
  const derived = (use: string): Uint8Array => new Uint8Array(hkdfSync('sha256', bytes, '', use, KEY_LENGTH));
  return { id, secret: derived('keepstep checkpoints 1'), listSecret: derived('keepstep lists 1') };
}

function bytesOfKey(key: unknown): Uint8Array | undefined {
  if (key instanceof Uint8Array) return key;
  if (typeof key !== 'string') return undefined;
  if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(key) ? Buffer.from(key, 'base64') : undefined;
}

function checkObject<Given extends object>(value: Given, option: string, allowed: string): Given {
  if (typeof value === 'object' && value !== null) return value;
  throw new InvalidOptionError(option, HIDDEN, allowed);
}

/** Stands in messages for what may hold a key. */
const HIDDEN = '(not shown)';
const KEY_LENGTH = 32;
const LONGEST_ID = 255;

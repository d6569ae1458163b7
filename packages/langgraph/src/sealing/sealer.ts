import { StateError } from '@keepstep/core/state';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { listDigest, type ListDigest } from '../lists/list-digest.ts';
import { compressorNumbered, type Compressor } from './compression.ts';
import { envelopeFrom, headOf, isEnvelope, LONGEST_CONTENT, type Envelope } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';

/** Says where bytes stand. What was encrypted for one place cannot be opened in another. */
export type SealedPlace = readonly string[];

/** Compresses and encrypts bytes before they are stored, and undoes it. */
export class Sealer {
  readonly #compressor: Compressor | undefined;
  readonly #keys: KeyRing | undefined;
  /** Names lists; where they are encrypted, in a way that tells nobody what they hold. */
  readonly listDigest: ListDigest;

  constructor(compressor: Compressor | undefined, keys: KeyRing | undefined) {
    this.#compressor = compressor;
    this.#keys = keys;
    this.listDigest = listDigest(keys?.current.listSecret);
  }

  /** Tells whether what is stored depends on where it stands, so that it cannot be moved as it is. */
  get binds(): boolean {
    return this.#keys !== undefined;
  }

  /** Tells whether bytes are stored as they are. */
  get isIdle(): boolean {
    return this.#keys === undefined && this.#compressor === undefined;
  }

  async seal(bytes: Uint8Array, place: SealedPlace): Promise<Uint8Array> {
    const compressor = bytes.length >= WORTH_IT && bytes.length <= LONGEST_CONTENT ? this.#compressor : undefined;
    const pressed = await compressor?.compress(bytes);
    const [compression, content] =
      compressor && pressed && pressed.length < bytes.length ? [compressor.number, pressed] : [0, bytes];
    if (compression === 0 && this.#keys === undefined) return bytes;
    const length = Math.min(bytes.length, LONGEST_CONTENT);
    if (this.#keys === undefined) return Buffer.concat([headOf({ compression, length, keyId: '' }), content]);
    const { id, secret } = this.#keys.current;
    const head = headOf({ compression, length, keyId: id });
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv(CIPHER, secret, nonce).setAAD(boundTo(head, place));
    const parts = [head, nonce, cipher.update(content), cipher.final()];
    return Buffer.concat([...parts, cipher.getAuthTag()]);
  }

  /**
   * Returns the bytes that were sealed; those that stand in no envelope, as they are.
   *
   * @param subject says what it is about, for the error
   * @throws StateError `data_corrupt` when they were damaged, stand in another place, or need a key that is not there
   */
  async open(bytes: Uint8Array, place: SealedPlace, subject: string): Promise<Uint8Array> {
    if (!isEnvelope(bytes)) {
      if (this.#keys === undefined || this.#keys.allowUnencrypted) return bytes;
      throw corrupt(subject, 'It is not encrypted, and encryption.allowUnencrypted is off.');
    }
    const envelope = envelopeFrom(bytes);
    if (envelope === undefined) throw corrupt(subject, 'It was damaged, or a later version has stored it.');
    const content = this.#decrypt(envelope, place, subject);
    return envelope.compression === 0 ? content : decompressed(envelope, content, subject);
  }

  #decrypt({ keyId, head, body }: Envelope, place: SealedPlace, subject: string): Uint8Array {
    if (keyId === '') {
      if (this.#keys === undefined || this.#keys.allowUnencrypted) return body;
      throw corrupt(subject, 'It is not encrypted, and encryption.allowUnencrypted is off.');
    }
    const key = this.#keys?.find(keyId);
    if (key === undefined) {
      const known = this.#keys === undefined ? 'there are no keys' : `the keys are ${this.#keys.ids}`;
      throw corrupt(subject, `It needs the key ${JSON.stringify(keyId)}; ${known}.`);
    }
    const tagAt = body.length - TAG_LENGTH;
    try {
      const decipher = createDecipheriv(CIPHER, key.secret, body.subarray(0, NONCE_LENGTH), {
        authTagLength: TAG_LENGTH,
      })
        .setAAD(boundTo(head, place))
        .setAuthTag(body.subarray(tagAt));
      return Buffer.concat([decipher.update(body.subarray(NONCE_LENGTH, tagAt)), decipher.final()]);
    } catch (cause) {
      const message = `It was damaged, was written for another place, or another key has the id ${JSON.stringify(keyId)}.`;
      throw corrupt(subject, message, cause);
    }
  }
}

async function decompressed(
  { compression, length }: Envelope,
  content: Uint8Array,
  subject: string,
): Promise<Uint8Array> {
  const compressor = compressorNumbered(compression);
  if (compressor === undefined) {
    throw corrupt(subject, 'It is compressed in a way that this version of Node or Keepstep does not know.');
  }
  const bytes = await compressor.decompress(content, length).catch((cause: unknown) => {
    throw corrupt(subject, 'It was damaged.', cause);
  });
  if (bytes.length === length) return bytes;
  throw corrupt(subject, 'It was damaged.');
}

/** Returns what the encryption vouches for beside the content. Lengths keep the parts apart, whatever is in them. */
function boundTo(head: Uint8Array, place: SealedPlace): Uint8Array {
  const parts = place.flatMap((part) => {
    const text = Buffer.from(part, 'utf16le');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return [length, text];
  });
  return Buffer.concat([head, ...parts]);
}

function corrupt(subject: string, reason: string, cause?: unknown): StateError {
  const message = `What the store holds cannot be read: ${subject}. ${reason}`;
  return new StateError('data_corrupt', message, { subject }, { cause });
}

const CIPHER = 'aes-256-gcm';
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
/** Is the length from which bytes are compressed; below it, nothing is gained. */
const WORTH_IT = 256;

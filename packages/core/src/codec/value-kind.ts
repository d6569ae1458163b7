import { isDeepStrictEqual, types } from 'node:util';

/**
 * Names what a value is made of: `Object` for plain objects, with or without a prototype, else the constructor, such as
 * `Array`, `Map`, `Date`, `Uint8Array`, `Buffer`.
 */
export type ValueKind = string;

type Binary = ArrayBufferLike | ArrayBufferView;
type BinaryConstructor = { new (buffer: ArrayBuffer): Binary; readonly prototype: object };

/**
 * Returns the kind of an object, or `undefined` for what is not plain data: an instance of a class of its own, an object
 * that only has the prototype of a built-in one, a proxy, binary data whose memory was transferred away.
 */
export function kindOf(value: object): ValueKind | undefined {
  if (types.isProxy(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  switch (prototype) {
    case Object.prototype:
    case null:
      return 'Object';
    case Array.prototype:
      return Array.isArray(value) ? 'Array' : undefined;
    case Map.prototype:
      return types.isMap(value) ? 'Map' : undefined;
    case Set.prototype:
      return types.isSet(value) ? 'Set' : undefined;
    case Date.prototype:
      return types.isDate(value) ? 'Date' : undefined;
    case URL.prototype:
      return isUrl(value) ? 'URL' : undefined;
    default:
      return isBinary(value) ? binaryKindOf(value, prototype) : undefined;
  }
}

/** Returns the bytes that an array buffer or a view shows, without copying them. */
export function bytesOf(value: object): Uint8Array {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(value) ? value : new Uint8Array(value as ArrayBuffer);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Copies an array buffer or a view, with the bytes it shows and no others. */
export function copyBinary(value: object, kind: ValueKind): Binary {
  const { buffer } = new Uint8Array(bytesOf(value));
  if (kind === 'ArrayBuffer') return buffer;
  return kind === 'Buffer' ? Buffer.from(buffer) : new (constructorOf(kind)!)(buffer);
}

/**
 * Tells whether an object of a kind other than `Object` and `Array` has properties of its own, which no copy would show.
 * Of a typed array it sees the enumerable ones.
 */
export function hasExtraProperties(value: object, kind: ValueKind): boolean {
  // The keys of a typed array would be one string for each of its elements.
  return isBinary(value) ? !isDeepStrictEqual(value, copyBinary(value, kind)) : Reflect.ownKeys(value).length > 0;
}

/** Tells whether the memory of an array buffer or a view was transferred away, to a worker for example. */
export function isDetached(value: object): boolean {
  const memory = ArrayBuffer.isView(value) ? value.buffer : value;
  return types.isArrayBuffer(memory) && (memory as { readonly detached?: boolean }).detached === true;
}

function isBinary(value: object): value is Binary {
  return ArrayBuffer.isView(value) || types.isArrayBuffer(value);
}

function binaryKindOf(value: Binary, prototype: unknown): ValueKind | undefined {
  if (isDetached(value)) return undefined;
  if (prototype === Buffer.prototype) return 'Buffer';
  const kind = types.isTypedArray(value)
    ? value[Symbol.toStringTag]
    : types.isDataView(value)
      ? 'DataView'
      : 'ArrayBuffer';
  return constructorOf(kind)?.prototype === prototype ? kind : undefined;
}

function constructorOf(kind: ValueKind): BinaryConstructor | undefined {
  return (globalThis as unknown as Record<string, BinaryConstructor | undefined>)[kind];
}

function isUrl(value: object): boolean {
  try {
    return URL.prototype.toString.call(value) !== '';
  } catch {
    return false;
  }
}

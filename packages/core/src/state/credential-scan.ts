/** Is a credential that was found in a value. */
export interface FoundCredential {
  /** Leads to it from the root of the value. */
  readonly path: string;
  /** Says what it looks like. */
  readonly kind: string;
}

const REPLACEMENT = '[redacted]';

/**
 * Are the shapes of secrets that name themselves. Their prefixes were chosen so that scanners can find them.
 *
 * None of them looks further than a few hundred characters for what may not come, so a text that was made to keep them busy
 * does not.
 */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:[^-]*-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----)?/g],
  ['an access key of AWS', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['a token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})/g],
  ['a token of GitLab', /\bglpat-[\w-]{20,}/g],
  ['an API key of a model provider', /\bsk-[\w-]{0,40}?[A-Za-z0-9]{20}[\w-]*/g],
  ['a token of Slack', /\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10,}/g],
  ['an API key of Google', /\bAIza[\w-]{35}/g],
  ['a secret key of Stripe', /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ['an access token of Google', /\bya29\.[\w-]{20,}/g],
  ['a token of Hugging Face', /\bhf_[A-Za-z0-9]{34,}/g],
  ['an API key of SendGrid', /\bSG\.[\w-]{22}\.[\w-]{43}/g],
  ['a token of PyPI', /\bpypi-AgE[\w-]{50,}/g],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['a signed token (JWT)', /\beyJ[\w-]{10,500}\.eyJ[\w-]{10,}\.[\w-]{10,}/g],
];

/** Finds the first text in a value, keys included, that looks like a credential. */
export function findCredential(value: unknown): FoundCredential | undefined {
  return search(value, '$', new Set());
}

/** Returns the value, with `[redacted]` in place of every credential; a copy if there is one, else the value itself. */
export function redactCredentials<Value>(value: Value): Value {
  return findCredential(value) === undefined ? value : (redact(value, new Map()) as Value);
}

function kindOfText(text: string): string | undefined {
  // The shortest of them has 15 characters.
  return text.length < 15 ? undefined : SHAPES.find(([, shape]) => text.search(shape) >= 0)?.[0];
}

function search(value: unknown, path: string, seen: Set<object>): FoundCredential | undefined {
  if (typeof value === 'string') {
    const kind = kindOfText(value);
    return kind === undefined ? undefined : { path, kind };
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  const bytes = bytesOf(value);
  if (bytes !== undefined) return search(bytes.toString('latin1'), path, seen);
  for (const [step, member] of membersOf(value)) {
    const found = search(member, path + step, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* membersOf(value: object): Generator<readonly [step: string, member: unknown]> {
  if (value instanceof Map) {
    let index = 0;
    for (const [key, member] of value as Map<unknown, unknown>) {
      yield [`.entries()[${index}][0]`, key];
      yield [`.entries()[${index}][1]`, member];
      index += 1;
    }
  } else if (value instanceof Set) {
    let index = 0;
    for (const member of value) yield [`.values()[${index++}]`, member];
  } else if (value instanceof URL) {
    yield ['.href', value.href];
  } else if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) yield [`[${index}]`, member];
  } else if (isPlain(value)) {
    for (const [key, member] of Object.entries(value)) {
      // A key that looks like a credential is not shown in the path that leads to it.
      yield [' (a key)', key];
      yield [/^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`, member];
    }
  }
}

function redact(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const bytes = bytesOf(value);
  if (bytes !== undefined) return kindOfText(bytes.toString('latin1')) === undefined ? value : REPLACEMENT;
  if (value instanceof URL) return redactText(value.href) === value.href ? value : redactText(value.href);
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (const index of Object.keys(value)) copy[Number(index)] = redact(value[Number(index)], copies);
    // After the elements, so that a gap at the end stays one.
    copy.length = value.length;
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    copies.set(value, copy);
    for (const [key, member] of value) copy.set(redact(key, copies), redact(member, copies));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    copies.set(value, copy);
    for (const member of value) copy.add(redact(member, copies));
    return copy;
  }
  if (!isPlain(value)) return value;
  const copy: object = Object.create(Object.getPrototypeOf(value) as object | null) as object;
  copies.set(value, copy);
  for (const [key, member] of Object.entries(value)) {
    const property = { value: redact(member, copies), writable: true, enumerable: true, configurable: true };
    Object.defineProperty(copy, redactText(key), property);
  }
  return copy;
}

/** Returns the bytes of a buffer or of what looks into one; undefined for anything else. Read as Latin-1, a file of text shows the shapes. */
function bytesOf(value: object): Buffer | undefined {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value instanceof ArrayBuffer ? Buffer.from(value) : undefined;
}

function redactText(text: string): string {
  return SHAPES.reduce((clean, [, shape]) => clean.replaceAll(shape, REPLACEMENT), text);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

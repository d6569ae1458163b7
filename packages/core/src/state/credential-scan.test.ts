import { describe, expect, it } from 'vitest';

import { findCredential, redactCredentials } from './credential-scan.ts';

// Put together here, so that no scanner takes this file for a leak.
const LETTERS = 'Ab3'.repeat(20);
const CREDENTIALS: Readonly<Record<string, string>> = {
  'a private key': ['-----BEGIN RSA PRIVATE', 'KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'].join(' '),
  'an access key of AWS': `AKIA${'A1B2C3D4'.repeat(2)}`,
  'a token of GitHub': `ghp_${LETTERS.slice(0, 36)}`,
  'a token of GitLab': `glpat-${LETTERS.slice(0, 20)}`,
  'an API key of a model provider': `sk-ant-api03-${LETTERS.slice(0, 40)}`,
  'a token of Slack': `xoxb-${LETTERS.slice(0, 24)}`,
  'an API key of Google': `AIza${LETTERS.slice(0, 35)}`,
  'a secret key of Stripe': `sk_live_${LETTERS.slice(0, 24)}`,
  'an access token of Google': `ya29.${LETTERS.slice(0, 40)}`,
  'a token of Hugging Face': `hf_${LETTERS.slice(0, 34)}`,
  'an API key of SendGrid': `SG.${LETTERS.slice(0, 22)}.${LETTERS.slice(0, 43)}`,
  'a token of PyPI': `pypi-AgE${LETTERS}`,
  'a token of npm': `npm_${LETTERS.slice(0, 36)}`,
  'a signed token (JWT)': `eyJ${LETTERS.slice(0, 20)}.eyJ${LETTERS.slice(0, 20)}.${LETTERS.slice(0, 20)}`,
};
const TOKEN = CREDENTIALS['a token of GitHub'] as string;

describe('findCredential', () => {
  it.each(Object.entries(CREDENTIALS))('finds %s, alone and in a sentence', (kind, credential) => {
    expect(findCredential(credential)).toEqual({ path: '$', kind });
    expect(findCredential(`use ${credential}, please`)).toEqual({ path: '$', kind });
  });

  it.each([
    ['a property', { headers: { 'x-api': [0, TOKEN] } }, '$.headers["x-api"][1]'],
    ['a key of an object', { [TOKEN]: 1 }, '$ (a key)'],
    ['a value of a Map', new Map([['a', TOKEN]]), '$.entries()[0][1]'],
    ['a member of a Set', new Set(['a', TOKEN]), '$.values()[1]'],
    ['bytes', Buffer.from(`token: ${TOKEN}`), '$'],
    ['a part of a buffer', { file: new DataView(new TextEncoder().encode(TOKEN).buffer) }, '$.file'],
    ['a whole buffer', new TextEncoder().encode(TOKEN).buffer, '$'],
    ['a URL', new URL(`https://example.org/?token=${TOKEN}`), '$.href'],
  ])('finds it as %s, and says where', (_, value, path) => {
    expect(findCredential(value)).toEqual({ path, kind: 'a token of GitHub' });
  });

  it.each([
    'sk-learn and scikit-learn',
    'task-force-of-twenty-people',
    'sk-short',
    'ghp_',
    'hf_hub_download',
    'pypi-AgE',
    'SG.1.2',
    'AKIA',
    'a risk-assessment-of-the-new-building',
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4',
    0,
    null,
    undefined,
    new Date(0),
    new Uint8Array(40),
  ])('leaves %j alone', (value) => {
    expect(findCredential(value)).toBeUndefined();
    expect(redactCredentials({ value })).toEqual({ value });
  });

  it.each(['sk-', 'eyJ-', 'eyJaaaaaaaaaa.eyJ-', '-----BEGIN A ', 'xoxb-', 'ghp_', 'A '])(
    'is not kept busy by a text that repeats %j',
    (part) => {
      const text = `-----BEGIN ${part.repeat(1_000_000 / part.length)}`;
      expect(() => redactCredentials({ text })).not.toThrow();
    },
  );

  it('comes to an end with a value that holds itself', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    expect(findCredential(value)).toBeUndefined();
  });
});

describe('redactCredentials', () => {
  it('puts [redacted] in the place of credentials, everywhere, and changes nothing else', () => {
    const value = {
      text: `a ${TOKEN} b ${TOKEN}`,
      list: [1, TOKEN],
      map: new Map([[TOKEN, new Set([TOKEN])]]),
      url: new URL(`https://example.org/?t=${TOKEN}`),
      at: new Date(0),
      bytes: [new Uint8Array([1, 2, 3]), Buffer.from(TOKEN)],
      [TOKEN]: null,
    };
    expect(redactCredentials(value)).toEqual({
      text: 'a [redacted] b [redacted]',
      list: [1, '[redacted]'],
      map: new Map([['[redacted]', new Set(['[redacted]'])]]),
      url: 'https://example.org/?t=[redacted]',
      at: new Date(0),
      bytes: [new Uint8Array([1, 2, 3]), '[redacted]'],
      '[redacted]': null,
    });
    expect(value.list[1]).toBe(TOKEN);
  });

  it.each(Object.values(CREDENTIALS))('takes all of %s out', (credential) => {
    expect(redactCredentials(credential)).toBe('[redacted]');
  });

  it('returns the very same value where there is nothing to take out', () => {
    const value = { a: [1, 'two'] };
    expect(redactCredentials(value)).toBe(value);
  });

  it('keeps the shape of a value that holds itself', () => {
    const value: Record<string, unknown> = { token: TOKEN };
    value['self'] = value;
    const redacted = redactCredentials(value);
    expect(redacted['self']).toBe(redacted);
    expect(redacted['token']).toBe('[redacted]');
  });
});

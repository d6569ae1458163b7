import { describe, expect, it } from 'vitest';

import { parseValkeyUrl } from './valkey-address.ts';

describe('a URL of Valkey', () => {
  it.each([
    ['valkey://localhost', { kind: 'server', nodes: [{ host: 'localhost', port: 6379 }], isTls: false }],
    ['valkeys://a.example:1234/5', { nodes: [{ host: 'a.example', port: 1234 }], database: 5, isTls: true }],
    ['valkey://me:p%40ss%2F@host', { username: 'me', password: 'p@ss/' }],
    ['valkey://:only@host', { username: undefined, password: 'only' }],
    ['valkey://[::1]:7000', { nodes: [{ host: '::1', port: 7000 }] }],
    ['valkey+unix:/run/valkey.sock', { path: '/run/valkey.sock', nodes: [] }],
    ['valkey+unix:///run/valkey.sock', { path: '/run/valkey.sock' }],
    [
      'valkey-cluster://a:1,b',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
    ['valkeys-cluster://a', { kind: 'cluster', isTls: true }],
    ['valkey-sentinel://a/main', { kind: 'sentinel', group: 'main', nodes: [{ host: 'a', port: 26_379 }] }],
    ['redis://localhost', { kind: 'server', isTls: false }],
    ['rediss://localhost', { kind: 'server', isTls: true }],
  ])('says where the server is: %s', (url, address) => {
    expect(parseValkeyUrl(url)).toMatchObject(address);
  });
});

import { describe, expect, it } from 'vitest';

import { readPublicTypes } from './public-types.ts';

describe('readPublicTypes', () => {
  const types = readPublicTypes();

  it('lists the members of an interface with the defaults of their doc comments', () => {
    expect(types.membersOf('SetOptions').map((member) => member.name)).toEqual(['ttl', 'resources']);
    expect(types.membersOf('ToolCacheOptions')).toContainEqual({ name: 'ttl', byDefault: '"5m"' });
    expect(types.membersOf('ToolCacheOptions')).toContainEqual({ name: 'onEvent', byDefault: undefined });
  });

  it('lists the texts of a union, and the types that are exported', () => {
    expect(types.textsOf('Scope')).toEqual(['session', 'user', 'global']);
    expect(types.exported).toContain('ReadOptions');
    expect(types.exported).not.toContain('createCache');
  });

  it('lists the tags of a union of interfaces', () => {
    expect(types.tagsOf('KeepstepEvent', 'type')).toEqual(expect.arrayContaining(['cache-hit', 'session-end']));
  });

  it('does not know what is not there', () => {
    expect(() => types.membersOf('NoSuchOptions')).toThrow('NoSuchOptions');
  });
});

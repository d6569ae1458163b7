import { describe, expect, it } from 'vitest';

import { annotationPolicy } from './annotation-policy.ts';

const options = { resource: ['mcp', 'files'] };

describe('annotationPolicy', () => {
  it('takes a tool that is said to be read-only for a read of the data of its server', () => {
    expect(annotationPolicy({ readOnlyHint: true }, { ...options, scope: 'user', ttl: '1m' })).toEqual({
      kind: 'read',
      resource: ['mcp', 'files'],
      scope: 'user',
      ttl: '1m',
    });
    expect(annotationPolicy({ readOnlyHint: true }, options)).toEqual({ kind: 'read', resource: ['mcp', 'files'] });
  });

  it.each([undefined, {}, { readOnlyHint: false }, { readOnlyHint: undefined }, { readOnlyHint: 'true' as never }])(
    'takes a tool with the annotations %j for a write, for everybody',
    (annotations) => {
      expect(annotationPolicy(annotations, { ...options, scope: 'user' })).toEqual({
        kind: 'write',
        invalidates: ['mcp', 'files'],
        scope: 'global',
      });
    },
  );
});

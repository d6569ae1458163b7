import { expect, it } from 'vitest';

import type { ToolPolicy } from '../tool-policy.ts';
import { policyOfTool } from './policy-of-tool.ts';

const isFailure = (result: { failed?: boolean } | undefined): boolean => result?.failed === true;
const annotations = { resource: 'shop' };

it('takes the policy that names the tool, whatever its annotations say', () => {
  const write: ToolPolicy = { kind: 'write', invalidates: 'cart' };
  expect(policyOfTool('clear', { tools: { clear: write }, annotations }, { readOnlyHint: true }, isFailure)).toBe(
    write,
  );
});

it('takes annotations where they are asked for', () => {
  expect(policyOfTool('look', { annotations }, { readOnlyHint: true }, isFailure)).toMatchObject({
    kind: 'read',
    resource: 'shop',
  });
  expect(policyOfTool('look', { annotations }, undefined, isFailure)).toMatchObject({ kind: 'write' });
  expect(policyOfTool('look', {}, { readOnlyHint: true }, isFailure)).toStrictEqual({ kind: 'other' });
});

it('does not take a property that every object has for a policy', () => {
  expect(policyOfTool('constructor', { tools: {} }, undefined, isFailure)).toStrictEqual({ kind: 'other' });
});

it('keeps results of a read that are no failure, and that its own rule wants', () => {
  const keeps = (policy: ToolPolicy, result: unknown): unknown => {
    const resolved = policyOfTool('look', { tools: { look: policy } }, undefined, isFailure);
    return resolved.kind === 'read' && resolved.cacheIf?.(result);
  };
  expect(keeps({ kind: 'read' }, { failed: true })).toBe(false);
  expect(keeps({ kind: 'read' }, { found: 1 })).toBe(true);
  expect(keeps({ kind: 'read' }, undefined)).toBe(false);
  expect(keeps({ kind: 'read', cacheIf: () => true }, undefined)).toBe(true);
  expect(keeps({ kind: 'read', cacheIf: () => true }, { failed: true })).toBe(false);
});

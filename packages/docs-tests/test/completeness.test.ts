import * as aiSdk from '@keepstep/ai-sdk';
import * as core from '@keepstep/core';
import * as mcp from '@keepstep/core/mcp';
import * as sqlite from '@keepstep/core/sqlite';
import * as state from '@keepstep/core/state';
import * as valkey from '@keepstep/core/valkey';
import * as langchain from '@keepstep/langchain';
import * as langgraph from '@keepstep/langgraph';
import { describe, expect, it } from 'vitest';

import { anchorsOf } from '../src/link.ts';
import { optionTablesOf } from '../src/option-table.ts';
import { readPages, type Page } from '../src/page.ts';
import { readPublicTypes } from '../src/public-types.ts';

const pages = readPages().filter(({ path }) => path.startsWith('docs/'));
const types = readPublicTypes();
const tables = pages.flatMap(optionTablesOf);
const optionTypes = types.exported.filter((name) => name.endsWith('Options'));

function page(name: string): Page {
  const found = pages.find(({ path }) => path === `docs/${name}.md`);
  if (found === undefined) throw new Error(`There is no page docs/${name}.md.`);
  return found;
}

/** Lists the names that a page does not set in code. */
function missingFrom(name: string, names: readonly string[]): readonly string[] {
  const { text } = page(name);
  return names.filter((each) => !text.includes(`\`${each}\``) && !text.includes(`\`"${each}"\``));
}

describe('the options', () => {
  it.for(optionTypes)('of %s stand in one table, all of them and no others', (name) => {
    const own = tables.filter(({ of }) => of === name);
    expect(own.map(({ rows }) => rows.map((row) => row.name).toSorted())).toEqual([
      types
        .membersOf(name)
        .map((member) => member.name)
        .toSorted(),
    ]);
  });

  it.for(optionTypes)('of %s have the defaults that the sources name', (name) => {
    const rows = tables.find(({ of }) => of === name)?.rows ?? [];
    const wrong = types.membersOf(name).filter(({ name: option, byDefault }) => {
      const told = rows.find((row) => row.name === option)?.byDefault ?? '';
      return byDefault !== undefined && (told === '' || !plain(byDefault).startsWith(plain(told)));
    });
    expect(wrong).toEqual([]);
  });
});

function plain(text: string): string {
  return text.replaceAll('`', '').toLowerCase();
}

describe('the public names', () => {
  it('are all explained', () => {
    const text = pages.map((each) => each.text).join('\n');
    const names = [core, mcp, sqlite, state, valkey, aiSdk, langchain, langgraph].flatMap(Object.keys);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  it('of errors have a heading for each code, and no other', () => {
    const { text } = page('errors');
    const codes = [...types.textsOf('KeepstepErrorCode'), ...types.textsOf('StateErrorCode')];
    expect(codes.length).toBeGreaterThan(0);
    expect([...text.matchAll(/^## (\w+_\w+)$/gm)].map(([, code = '']) => code).toSorted()).toEqual(
      [...codes].toSorted(),
    );
    expect(codes.filter((code) => !anchorsOf(page('errors')).has(code))).toEqual([]);
  });

  it('lead from an error to its heading', () => {
    const { docs } = new core.InvalidOptionError('ttl', 0, 'more');
    const [path, anchor = ''] = docs.split('#');
    expect(path).toBe(page('errors').path);
    expect(anchorsOf(page('errors'))).toContain(anchor);
  });

  it('of events, metrics and their reasons stand on the page about them', () => {
    const events = types.tagsOf('KeepstepEvent', 'type');
    expect(events).toContain('cache-hit');
    const reasons = ['BypassReason', 'RejectReason', 'MissReason'].flatMap((name) => types.textsOf(name));
    const metrics = ['Metrics', 'CacheMetrics'].flatMap((name) => types.membersOf(name).map((member) => member.name));
    expect(missingFrom('events-and-metrics', [...events, ...reasons, ...metrics])).toEqual([]);
  });

  it('of rules, actions and statuses stand on the page about them', () => {
    expect(missingFrom('loops', [...types.textsOf('LoopRule'), ...types.textsOf('LoopAction')])).toEqual([]);
    expect(missingFrom('scopes-and-sessions', types.textsOf('Scope'))).toEqual([]);
    expect(missingFrom('getting-started', types.textsOf('CallStatus'))).toEqual([]);
  });
});

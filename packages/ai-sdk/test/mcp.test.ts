import { createMCPClient, type MCPTransport } from '@ai-sdk/mcp';
import { createToolCache } from '@keepstep/core';
import { generateText, isStepCount } from 'ai';
import { describe, expect, it } from 'vitest';

import { cacheTools } from '../src/index.ts';
import { modelDouble, text, toolCall } from './model-double.ts';
import { latest } from './sdk.ts';

const INPUT = { type: 'object', properties: { path: { type: 'string' } } };
const TOOLS = [
  { name: 'read_file', inputSchema: INPUT, annotations: { readOnlyHint: true } },
  { name: 'write_file', inputSchema: INPUT, annotations: { readOnlyHint: false, destructiveHint: true } },
  { name: 'format_disk', inputSchema: INPUT },
];

/** Speaks the protocol of an MCP server over a transport in memory. */
function server(called: string[]): MCPTransport {
  const transport: MCPTransport = {
    start: async () => undefined,
    close: async () => undefined,
    async send(message: any) {
      if (message.id === undefined) return;
      const result = answer(message.method, message.params, called);
      queueMicrotask(() => transport.onmessage?.({ jsonrpc: '2.0', id: message.id, ...result } as never));
    },
  };
  return transport;
}

function answer(method: string, params: any, called: string[]): object {
  switch (method) {
    case 'initialize':
      return {
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'files', version: '1' },
        },
      };
    case 'tools/list':
      return { result: { tools: TOOLS } };
    case 'tools/call': {
      called.push(`${params.name} ${params.arguments.path}`);
      const isError = params.arguments.path === 'nowhere';
      return { result: { isError, content: [{ type: 'text', text: isError ? 'no such file' : 'hello' }] } };
    }
    default:
      return { error: { code: -32_601, message: `no method ${method}` } };
  }
}

describe('the tools of an MCP server', () => {
  async function given() {
    const called: string[] = [];
    const client = await createMCPClient({ transport: server(called) });
    const cache = createToolCache();
    const tools = cacheTools(await client.tools(), {
      cache,
      annotations: { resource: ['mcp', 'files'], scope: 'global' },
    });
    async function ask(name: string, path: string): Promise<unknown> {
      const model = modelDouble(latest, (call) =>
        call === 1 ? { content: [toolCall(name, { path }, 'call_1')] } : text('Done.'),
      );
      const { steps } = await generateText({
        model: model as never,
        tools,
        prompt: 'Go on.',
        stopWhen: isStepCount(2),
      });
      const result: any = steps[0]?.content.find(({ type }) => type === 'tool-result');
      return result?.output.content[0].text;
    }
    return { called, ask, cache };
  }

  it('are reads and writes as their annotations say, if asked for', async () => {
    const { called, ask } = await given();
    expect([await ask('read_file', 'a'), await ask('read_file', 'a')]).toEqual(['hello', 'hello']);
    expect(called).toEqual(['read_file a']);
    await ask('write_file', 'b');
    await ask('read_file', 'a');
    expect(called).toEqual(['read_file a', 'write_file b', 'read_file a']);
  });

  it('are writes where nothing is said about them', async () => {
    const { called, ask } = await given();
    await ask('read_file', 'a');
    await ask('format_disk', '/');
    await ask('read_file', 'a');
    expect(called).toEqual(['read_file a', 'format_disk /', 'read_file a']);
  });

  it('are asked again after a failure', async () => {
    const { called, ask } = await given();
    expect(await ask('read_file', 'nowhere')).toBe('no such file');
    await ask('read_file', 'nowhere');
    expect(called).toHaveLength(2);
  });

  it('are dropped with the data of their server', async () => {
    const { called, ask, cache } = await given();
    await ask('read_file', 'a');
    await cache.invalidate('mcp');
    await ask('read_file', 'a');
    expect(called).toHaveLength(2);
  });
});

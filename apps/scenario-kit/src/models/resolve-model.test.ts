import { describe, expect, it } from 'vitest';

import { startProvider, type ProviderRequest } from '../testing/provider-double.ts';
import { resolveModel, type ModelEnvironment } from './resolve-model.ts';

const everything: ModelEnvironment = {
  OPENAI_API_KEY: 'sk-test',
  ANTHROPIC_API_KEY: 'sk-ant-test',
  OLLAMA_BASE_URL: 'http://localhost:11434/v1',
};

describe('the choice', () => {
  it.each<[string, ModelEnvironment]>([
    ['scripted', {}],
    ['openai:gpt-5-mini', everything],
    ['anthropic:claude-sonnet-4-5', { ...everything, OPENAI_API_KEY: '' }],
    ['ollama:qwen3', { OLLAMA_BASE_URL: 'http://localhost:11434/v1' }],
    ['anthropic:claude-test', { ...everything, AGENT_MODEL: 'anthropic:claude-test' }],
    ['ollama:qwen3:8b', { ...everything, AGENT_MODEL: 'ollama:qwen3:8b' }],
    ['scripted', { ...everything, AGENT_MODEL: 'scripted' }],
  ])('is %s for %j', (name, environment) => {
    const resolved = resolveModel(environment, false);
    expect(resolved.name).toBe(name);
    expect(resolved.real === undefined).toBe(name === 'scripted');
  });

  it('is the script offline, whatever is set', () => {
    expect(resolveModel(everything, true)).toEqual({
      name: 'scripted',
      notice: 'scripted (--offline)',
      real: undefined,
    });
  });

  it('says how to have a real model when there is none', () => {
    expect(resolveModel({}, false).notice).toBe(
      'scripted (set OPENAI_API_KEY, ANTHROPIC_API_KEY or OLLAMA_BASE_URL to use a real one)',
    );
  });

  it.each<[string, ModelEnvironment]>([
    ['The model "openai:gpt-test" needs OPENAI_API_KEY.', { AGENT_MODEL: 'openai:gpt-test' }],
    [
      'AGENT_MODEL names "gpt-test". Allowed: openai:<model>, anthropic:<model>, ollama:<model>, scripted.',
      { ...everything, AGENT_MODEL: 'gpt-test' },
    ],
  ])('is refused with: %s', (message, environment) => {
    expect(() => resolveModel(environment, false)).toThrow(message);
  });
});

describe('the address', () => {
  const question = [{ role: 'user', content: 'Hello?' }] as const;
  const playBoth = ({ path }: ProviderRequest) =>
    path === '/v1/messages'
      ? { body: { content: [{ type: 'text', text: 'Hello from messages.' }] } }
      : { body: { choices: [{ message: { content: `Hello from ${path}.` } }] } };

  it.each<[string, (url: string) => ModelEnvironment]>([
    ['Hello from /v1/chat/completions.', (url) => ({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${url}/v1/` })],
    ['Hello from /v1/chat/completions.', (url) => ({ OLLAMA_BASE_URL: `${url}/v1` })],
    ['Hello from /v1/chat/completions.', (url) => ({ OLLAMA_BASE_URL: url })],
    ['Hello from messages.', (url) => ({ ANTHROPIC_API_KEY: 'sk-ant-test', ANTHROPIC_BASE_URL: url })],
  ])('is taken from the environment: %s', async (text, environment) => {
    await using provider = await startProvider(playBoth);
    const { real } = resolveModel(environment(provider.url), false);
    expect(await real?.next(question, { tools: [] })).toEqual({ text, toolCalls: [] });
  });
});

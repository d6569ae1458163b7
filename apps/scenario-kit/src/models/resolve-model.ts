import { anthropicModel } from './anthropic-model.ts';
import type { ChatModel } from './chat-model.ts';
import { openAiModel } from './openai-model.ts';

/** Is the model of a run: a real one, or none, so that scripts play its part. */
export interface ResolvedModel {
  /** Names it: `openai:gpt-5-mini`, or `scripted`. */
  readonly name: string;
  /** Says in one line what it is, and how to have another. */
  readonly notice: string;
  /** Is undefined where scripts play its part. */
  readonly real: ChatModel | undefined;
}

/** Is the part of the environment that chooses the model. */
export type ModelEnvironment = Readonly<Record<string, string | undefined>>;

/** Reports an environment that names no usable model. */
export class ModelChoiceError extends Error {
  override readonly name = 'ModelChoiceError';
}

/**
 * Chooses the model of a run, the first of these that is set:
 *
 * - `AGENT_MODEL`, as `openai:<model>`, `anthropic:<model>`, `ollama:<model>` or `scripted`
 * - `OPENAI_API_KEY`, with `OPENAI_BASE_URL` for another server that speaks the same API
 * - `ANTHROPIC_API_KEY`, with `ANTHROPIC_BASE_URL`
 * - `OLLAMA_BASE_URL`, for example `http://localhost:11434/v1`
 * - nothing: the scripts of the samples
 *
 * @throws ModelChoiceError for a model that is not known, or whose key is missing
 */
export function resolveModel(environment: ModelEnvironment, isOffline: boolean): ResolvedModel {
  if (isOffline) return scripted('--offline');
  const { AGENT_MODEL, OPENAI_API_KEY, ANTHROPIC_API_KEY, OLLAMA_BASE_URL } = environment;
  if (AGENT_MODEL) return named(AGENT_MODEL, environment);
  if (OPENAI_API_KEY) return named('openai', environment);
  if (ANTHROPIC_API_KEY) return named('anthropic', environment);
  if (OLLAMA_BASE_URL) return named('ollama', environment);
  return scripted('set OPENAI_API_KEY, ANTHROPIC_API_KEY or OLLAMA_BASE_URL to use a real one');
}

function scripted(reason: string): ResolvedModel {
  return { name: 'scripted', notice: `scripted (${reason})`, real: undefined };
}

function named(choice: string, environment: ModelEnvironment): ResolvedModel {
  const [provider = '', ...rest] = choice.split(':');
  const id = rest.join(':');
  const real = (model: string, chat: ChatModel): ResolvedModel => {
    const name = `${provider}:${model}`;
    return { name, notice: `${name} (--offline uses the script)`, real: chat };
  };
  switch (provider) {
    case 'openai': {
      const model = id || 'gpt-5-mini';
      const baseUrl = trimmed(environment['OPENAI_BASE_URL'] || 'https://api.openai.com/v1');
      return real(model, openAiModel({ baseUrl, apiKey: needed('OPENAI_API_KEY', choice, environment), model }));
    }
    case 'anthropic': {
      const model = id || 'claude-sonnet-4-5';
      const baseUrl = trimmed(environment['ANTHROPIC_BASE_URL'] || 'https://api.anthropic.com');
      return real(model, anthropicModel({ baseUrl, apiKey: needed('ANTHROPIC_API_KEY', choice, environment), model }));
    }
    case 'ollama': {
      const model = id || 'qwen3';
      // Ollama's own API lives at the root of the server, the one spoken here below /v1.
      const root = trimmed(needed('OLLAMA_BASE_URL', choice, environment)).replace(/\/v1$/, '');
      return real(model, openAiModel({ baseUrl: `${root}/v1`, model }));
    }
    case 'scripted':
      return scripted('AGENT_MODEL');
    default:
      throw new ModelChoiceError(
        `AGENT_MODEL names "${choice}". Allowed: openai:<model>, anthropic:<model>, ollama:<model>, scripted.`,
      );
  }
}

function needed(variable: string, choice: string, environment: ModelEnvironment): string {
  const value = environment[variable];
  if (!value) throw new ModelChoiceError(`The model "${choice}" needs ${variable}.`);
  return value;
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

import { execFile } from 'node:child_process';

/** Is what a sample has printed, and how it has ended. */
export interface SampleProcess {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the sample in a folder as its users do: as a process of its own.
 *
 * @param environment is set on top of an environment in which nothing changes the course of a sample
 */
export function runSampleProcess(
  folder: string,
  argv: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<SampleProcess> {
  return new Promise((resolve) => {
    const args = ['--conditions=keepstep-source', 'src/main.ts', ...argv];
    const env = { ...plainEnvironment(), ...environment };
    execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

const MEANINGFUL = /^(KEEPSTEP_.*|AGENT_MODEL|OPENAI_.*|ANTHROPIC_.*|OLLAMA_.*|FORCE_COLOR|NODE_OPTIONS)$/;

function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !MEANINGFUL.test(name)));
}

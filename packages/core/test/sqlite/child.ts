import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Is a process of its own, which a test asks to do things. */
export interface Child {
  readonly process: ChildProcess;
  /** Asks for something, and resolves with what the child answers. */
  ask<Answer>(request: object): Promise<Answer>;
  /** Kills the process as hard as can be, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts `name` in a process that is gone when the test is over. It runs from the sources, as this one does. */
export async function startChild(name: string, options: object): Promise<Child> {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
  });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  const pending = new Map<number, PromiseWithResolvers<never>>();
  let requests = 0;
  child.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
    if (error === undefined) pending.get(id)?.resolve(answer);
    else pending.get(id)?.reject(new Error(error));
    pending.delete(id);
  });
  child.once('exit', () => {
    for (const { reject } of pending.values()) reject(new Error('The process is gone.'));
  });
  const ask = <Answer>(request: object): Promise<Answer> => {
    const reply = Promise.withResolvers<never>();
    pending.set((requests += 1), reply);
    child.send({ id: requests, request });
    return reply.promise;
  };
  await ask({});
  return { process: child, ask, kill };
}

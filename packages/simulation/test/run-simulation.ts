import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const FLAGS = ['--no-warnings', '--conditions=keepstep-source', MAIN, '--json'];

/** Is what a simulation prints for machines. */
export interface Report {
  readonly totals: Readonly<Record<string, number>>;
  readonly digest: string;
  readonly violations: readonly string[];
  readonly failedSeed?: number;
}

/** Runs simulations in a process of their own: they replace time, chance and the network for all of it. */
export function runSimulation(options: Readonly<Record<string, string | number>>): Promise<Report> {
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...FLAGS, ...words], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      // A simulation that finds something ends with 1, and says what; anything else is a fault of the simulation itself.
      if (error !== null && error.code !== 1) reject(new Error(`${error.message}\n${stderr}`, { cause: error }));
      else if (stdout === '') reject(new Error(stderr));
      else resolve(JSON.parse(stdout) as Report);
    });
  });
}

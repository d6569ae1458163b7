import { styleText } from 'node:util';

import type { Report, Verdict } from './report.ts';

/** Formats where the figures come from. */
export function originText({ environment, pace }: Report): string {
  const { node, cpu, cores, platform, load, packages } = environment;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Node ${node}, ${platform}, ${cpu}, ${cores} cores, load ${load.toFixed(1)}`,
    versions.join(', '),
    'Figures are medians over rounds in which all take turns. The machine may be busy: trust the ratios more than the times.',
    ...(pace === 'quick' ? ['This was a quick run: its figures are rough, and not to be quoted.'] : []),
  ].join('\n');
}

/** Formats a verdict as the one bold line that it is. */
export function verdictText({ sentence, target, met }: Verdict): string {
  return styleText('bold', `${sentence} (target: ${target}${met ? '' : ', MISSED'})`);
}

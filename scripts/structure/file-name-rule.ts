import type { Violation } from './violation.ts';

const DRAWERS = /^(utils?|helpers?|types?|common|misc|constants?)$/;

/** Checks that neither a file nor its folders are named like a drawer, where anything could lie. */
export function checkFileName(path: string): Violation[] {
  const drawer = path.split('/').find((part) => DRAWERS.test(part.split('.')[0] ?? ''));
  if (!drawer) return [];
  return [
    {
      place: path,
      rule: 'file names',
      problem: `"${drawer}" names a drawer.`,
      remedy: 'Name the file after the one concept it holds; a function used once stays beside its user.',
    },
  ];
}

import type { Verdict } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { BARE } from './bare-readers.ts';
import { CROWDED } from './crowded-resource.ts';
import { ROW } from './keepstep-readers.ts';

/**
 * Says how a hit compares with a bare GET of the same value.
 *
 * @param pace says how the hits followed each other; part of the verdicts' names, too
 */
export function besideGet({ id, rows }: Table, pace: string): Verdict[] {
  const beside = (contender: string, bare: string): number => ratioOf(rows, contender) / ratioOf(rows, bare);
  return [
    atMost(`${id}-strict`, `p50 of a strict hit on a copy, ${pace}: # x a bare GET`, beside(ROW.strict, BARE.get), 1.6),
    atMost(
      `${id}-without-copies`,
      `p50 of a hit without copies, ${pace}: # x a GET of the same value that is parsed as JSON`,
      beside(ROW.plain, BARE.parsed),
      1.6,
    ),
    atMost(
      `${id}-without-copies-bare`,
      `p50 of a hit without copies, ${pace}, which is parsed: # x a bare GET, which is not`,
      beside(ROW.plain, BARE.get),
      1.6,
    ),
  ];
}

/** Says how many strict hits at once compare with as many pipelined GETs that hand out the same: objects, or what nobody may change. */
export function besidePipeline({ rows }: Table, crowd: number, target: number): Verdict[] {
  const verdict = (id: string, contender: string, bare: string, words: string): Verdict => {
    const value = ratioOf(rows, bare) / ratioOf(rows, contender);
    const sentence = `${crowd} strict hits at once, ${words.replace('#', value.toFixed(1))}`;
    return { id, sentence, value, target: `>= ${target} x`, met: value >= target };
  };
  return [
    verdict(
      `strict-${crowd}`,
      ROW.strict,
      BARE.pipelinedParsed,
      'an object of its own for each: # x as many a second as pipelined GETs that are parsed',
    ),
    verdict(
      `strict-frozen-${crowd}`,
      ROW.frozen,
      BARE.pipelined,
      'which share a frozen object: # x as many a second as pipelined GETs that are not parsed',
    ),
  ];
}

/** Says what the server does to invalidate a resource with very many entries. */
export function crowdedInvalidation({ rows }: Table): Verdict {
  const row = rows.find(({ contender }) => contender === CROWDED);
  const value = (row?.figure?.median ?? Number.NaN) / 1e6;
  return {
    id: 'invalidate-crowded',
    sentence: `invalidating a resource with ${row?.note ?? ''}: ${value.toFixed(3)} ms of server time`,
    value,
    target: '< 1 ms',
    met: value < 1,
  };
}

function atMost(id: string, sentence: string, value: number, most: number): Verdict {
  return { id, sentence: sentence.replace('#', value.toFixed(2)), value, target: `<= ${most} x`, met: value <= most };
}

function ratioOf(rows: Table['rows'], contender: string): number {
  return rows.find((row) => row.contender === contender)?.ratio ?? Number.NaN;
}

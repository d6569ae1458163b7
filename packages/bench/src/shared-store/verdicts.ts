import type { Verdict } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { CROWDED } from './crowded-resource.ts';
import { ROW } from './keepstep-readers.ts';

/** Says how a hit compares with a bare GET of the same value. */
export function besideGet({ rows }: Table): Verdict[] {
  return [
    atMost('hit-strict', `p50 of a strict hit on a copy: # x a bare GET`, ratioOf(rows, ROW.strict), 1.6),
    atMost('hit-without-copies', `p50 of a hit without copies: # x a bare GET`, ratioOf(rows, ROW.plain), 1.6),
  ];
}

/** Says how many strict hits at once compare with as many pipelined GETs. */
export function besidePipeline({ rows }: Table, crowd: number, target: number): Verdict {
  const value = 1 / ratioOf(rows, ROW.strict);
  return {
    id: `strict-${crowd}`,
    sentence: `${crowd} strict hits at once: ${value.toFixed(1)} x as many a second as pipelined GETs`,
    value,
    target: `>= ${target} x`,
    met: value >= target,
  };
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

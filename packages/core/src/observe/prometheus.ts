import type { Metrics } from '../metrics.ts';

/** Is what the text is made of: the numbers of one cache. */
export interface PrometheusSource {
  readonly namespace: string;
  readonly tools: Readonly<Record<string, Metrics>>;
  readonly invalidations: number;
  readonly entries: number;
  readonly bytes: number;
  readonly evictions: number;
}

const STATUSES = { hit: 'hits', stale: 'stale', coalesced: 'coalesced', miss: 'misses', bypass: 'bypassed' } as const;

/**
 * Formats the numbers of one cache in the Prometheus text format, version 0.0.4.
 *
 * Labels are bounded: the namespace, the names of tools, and the status of a call. Keys, sessions and users never
 * become labels. Ratios are left to the backend, as its conventions ask.
 */
export function formatPrometheus(source: PrometheusSource): string {
  const lines: string[] = [];
  const cache = `cache="${escapeLabel(source.namespace)}"`;

  function family(
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    samples: readonly (readonly [labels: string, value: number])[],
  ): void {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`${name}{${cache}${labels}} ${value}`);
  }
  function perTool(pick: (metrics: Metrics) => number): (readonly [string, number])[] {
    return Object.entries(source.tools).map(
      ([tool, metrics]) => [`,tool="${escapeLabel(tool)}"`, pick(metrics)] as const,
    );
  }

  const requests = Object.entries(STATUSES).flatMap(([status, field]) =>
    perTool((metrics) => metrics[field]).map(([labels, value]) => [`${labels},status="${status}"`, value] as const),
  );
  family('keepstep_cache_requests_total', 'counter', 'Reads by how they were answered.', requests);
  family(
    'keepstep_cache_saved_seconds_total',
    'counter',
    'Load time that hits saved.',
    perTool((metrics) => metrics.savedMs / 1000),
  );
  family(
    'keepstep_cache_superseded_total',
    'counter',
    'Results not stored because their data changed meanwhile.',
    perTool((metrics) => metrics.superseded),
  );
  family(
    'keepstep_tool_executions_total',
    'counter',
    'Executions of tools.',
    perTool((metrics) => metrics.upstreamCalls),
  );
  family(
    'keepstep_tool_errors_total',
    'counter',
    'Executions of tools that failed.',
    perTool((metrics) => metrics.errors),
  );
  family(
    'keepstep_loop_detections_total',
    'counter',
    'Calls in which a loop was recognised.',
    perTool((metrics) => metrics.loopDetections),
  );
  family('keepstep_cache_invalidations_total', 'counter', 'Writes and manual invalidations.', [
    ['', source.invalidations],
  ]);
  family('keepstep_cache_evictions_total', 'counter', 'Entries evicted to stay within bounds.', [
    ['', source.evictions],
  ]);
  family('keepstep_cache_entries', 'gauge', 'Entries held in this process.', [['', source.entries]]);
  family('keepstep_cache_bytes', 'gauge', 'Estimated size of the entries held in this process.', [['', source.bytes]]);
  return `${lines.join('\n')}\n`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

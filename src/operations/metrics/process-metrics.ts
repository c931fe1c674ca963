import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Instruments } from './instruments.js';

/**
 * The process itself, by the names that Prometheus' own clients have for it. prom-client's ready-made set is not taken: it watches garbage
 * collection and delays from then on for ever, whoever is gone.
 */
export function processMetrics(instruments: Instruments): void {
  const startedAt = performance.timeOrigin / 1_000;
  instruments.total(
    'process_cpu_seconds_total',
    'CPU time of the process, in its own code and for it in the kernel.',
    ['mode'],
    (counter) => {
      const { user, system } = process.cpuUsage();
      counter.inc({ mode: 'user' }, user / 1_000_000);
      counter.inc({ mode: 'system' }, system / 1_000_000);
    },
  );
  instruments.reading(
    'process_start_time_seconds',
    'When the process began, in seconds since 1970.',
    [],
    (gauge) => {
      gauge.set(startedAt);
    },
  );
  instruments.reading('process_resident_memory_bytes', 'Memory of the process.', [], (gauge) => {
    gauge.set(process.memoryUsage.rss());
  });
  instruments.reading('nodejs_heap_used_bytes', 'Memory of JavaScript objects.', [], (gauge) => {
    gauge.set(process.memoryUsage().heapUsed);
  });
  instruments.total(
    'nodejs_eventloop_seconds_total',
    'Time that the event loop was at work and idle; near no idle time the process is the bottleneck.',
    ['state'],
    (counter) => {
      const { active, idle } = performance.eventLoopUtilization();
      counter.inc({ state: 'active' }, active / 1_000);
      counter.inc({ state: 'idle' }, idle / 1_000);
    },
  );
  const isLinux = process.platform === 'linux';
  instruments.reading('process_open_fds', 'Files and sockets that are open, on Linux.', [], (gauge) => {
    if (isLinux) gauge.set(readdirSync('/proc/self/fd').length);
  });
  instruments.reading('process_max_fds', 'How many may be open, on Linux.', [], (gauge) => {
    if (!isLinux) return;
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (limit !== undefined) gauge.set(Number(limit));
  });
}

import { arch, availableParallelism, cpus, platform } from 'node:os';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { medianOf } from '../load/percentiles.js';
import { canPin } from '../processes/child.js';
import { CORES } from '../setting.js';

/** What figures depend on besides the program: said before them. */
export function surroundings(): string {
  const cores = availableParallelism();
  const places = canPin()
    ? `servers under test on core ${CORES.server}, upstream and load generator on core ${CORES.others}`
    : 'processes on whichever core is free';
  return (
    `${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${platform()} ${arch()}, ` +
    `${cores} × ${cpus()[0]?.model ?? 'unknown'}; ${places}.\n` +
    `The disk beneath ${tmpdir()} takes ${syncMilliseconds().toFixed(2)} ms to make four kilobytes safe, which every audit entry waits for.\n`
  );
}

function syncMilliseconds(): number {
  const directory = mkdtempSync(join(tmpdir(), 'preg-adapter-bench-'));
  const file = openSync(join(directory, 'sync'), 'w');
  const page = Buffer.alloc(4_096);
  const times = Array.from({ length: 100 }, () => {
    writeSync(file, page);
    const startedAt = performance.now();
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  rmSync(directory, { recursive: true });
  return medianOf(times);
}

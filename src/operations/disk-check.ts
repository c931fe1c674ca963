import type { CheckResult, HealthCheck } from './health.js';

const MEBIBYTE = 1024 * 1024;

/** Below this somebody should make room: Filematch jobs wait from 256 MiB on. */
const WARNING_BYTES = 1024 * MEBIBYTE;

/** Below this the audit trail may stand still at any moment, and another node answers better. */
const FAILED_BYTES = 64 * MEBIBYTE;

/** Whether there is room where the store is. @param freeBytes asks the disk; what it throws is trouble of the disk */
export function diskCheck(freeBytes: () => number): HealthCheck {
  return () => {
    try {
      return roomLeft(freeBytes());
    } catch {
      return { status: 'failed', reason: 'the disk of data.directory does not tell how much room is left' };
    }
  };
}

/** How so much room is to be taken. */
export function roomLeft(bytes: number): CheckResult {
  const reason = `${sizeText(bytes)} left on the disk of data.directory`;
  if (bytes < FAILED_BYTES) return { status: 'failed', reason };
  return bytes < WARNING_BYTES ? { status: 'warning', reason } : { status: 'ok' };
}

/** As people write it: `512 MiB`, `77 GiB`. */
export function sizeText(bytes: number): string {
  const mebibytes = Math.floor(bytes / MEBIBYTE);
  return mebibytes < 10 * 1024 ? `${mebibytes} MiB` : `${Math.floor(mebibytes / 1024)} GiB`;
}

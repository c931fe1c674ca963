import { roomLeft, sizeText } from '../../operations/disk-check.js';
import { checkHints } from '../../operations/check-hints.js';
import { freeBytes } from '../../store/free-bytes.js';
import { ok, type Finding } from './finding.js';
import type { Examine } from './patient.js';

/** How much room is left for the store and for files of Filematch jobs. */
export const examineDisk: Examine = ({ adapter }): readonly Finding[] => {
  const free = freeBytes(adapter.data.directory);
  const { status, reason = '' } = roomLeft(free);
  if (status !== 'ok') return [{ status, told: reason, hint: checkHints['disk'] }];
  return [
    ok(
      Number.isFinite(free)
        ? `${sizeText(free)} are free for data.directory`
        : 'the disk of data.directory does not tell how much is free',
    ),
  ];
};

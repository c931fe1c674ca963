import type { Job } from './job.js';

/** Octets of a name that leave room for id and extension in what file systems take (255). */
const LONGEST_STEM = 180;

/**
 * What a file of a job is called where results go: `<input>.<id>.<ending>`, where input is the delivered name without its extension
 * (preg-xml-filematch-hl7v2 2.8), and without what could lead out of the folder or trouble a file system.
 */
export function deliveredName({ id, input }: Pick<Job, 'id' | 'input'>, ending: string): string {
  return `${stemOf(input.fileName)}.${id}.${ending}`;
}

function stemOf(fileName: string): string {
  const plain = fileName.replaceAll(/[\p{C}/\\:*?"<>|]/gu, '_');
  const dot = plain.lastIndexOf('.');
  const stem = (dot <= 0 ? plain : plain.slice(0, dot)).replace(/^[. ]+/, '');
  return shortened(stem) || 'fil';
}

function shortened(text: string): string {
  let length = 0;
  return Array.from(text)
    .filter((letter) => {
      length += Buffer.byteLength(letter);
      return length <= LONGEST_STEM;
    })
    .join('');
}

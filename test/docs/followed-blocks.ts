/** A block of commands that a document has followed to the letter. */
export interface FollowedBlock {
  /** The last heading above it. */
  readonly heading: string;
  /** The first one below a heading is 1. */
  readonly place: number;
  /** As it stands there. */
  readonly commands: string;
  /** What the document says comes of it, line by line; an ellipsis stands for anything. Undefined where it says nothing. */
  readonly says: readonly string[] | undefined;
}

/** The blocks marked `sh followed`, in order, each with the block of `text` that stands right below it. */
export function followedBlocks(markdown: string): readonly FollowedBlock[] {
  const blocks: FollowedBlock[] = [];
  let heading = '';
  let place = 0;
  const parts = markdown.matchAll(
    /^#{2,} (?<heading>[^\n]+)$|^```sh followed\n(?<commands>.*?)^```\n(?:\n```text\n(?<says>.*?)^```\n)?|^```.*?^```$/gms,
  );
  for (const { groups = {} } of parts) {
    if (groups['heading'] !== undefined) {
      heading = groups['heading'];
      place = 0;
    } else if (groups['commands'] !== undefined) {
      place += 1;
      blocks.push({
        heading,
        place,
        commands: groups['commands'],
        says: groups['says']?.trimEnd().split('\n'),
      });
    }
  }
  return blocks;
}

/** A line of a document as a pattern: an ellipsis stands for anything. */
export function patternOf(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(parts.join('.*'));
}

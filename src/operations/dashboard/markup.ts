/** Text that may stand in HTML as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template; everything but markup is escaped. */
export type Part = Markup | string | number | undefined | readonly Part[];

/** HTML or SVG out of a template: what is put in is escaped, so that no name can become markup. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const written = texts.map((text, index) => text + (index < parts.length ? textOf(parts[index]) : ''));
  return new Markup(written.join(''));
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

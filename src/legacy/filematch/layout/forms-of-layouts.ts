import type { FileForms } from '../jobs/file-forms.js';
import { readRows } from '../reading/read-rows.js';
import { surveyFile } from '../reading/survey.js';
import { createResultWriter } from '../writing/create-result-writer.js';
import type { FilematchTexts } from '../writing/filematch-texts.js';
import { createRejectsWriter } from '../writing/rejects-writer.js';
import type { Layout } from './layout.js';

/**
 * The forms that layouts describe. Reading and writing throw TypeError for a layout that is not configured, as one may not be
 * any more that a file was surveyed with.
 */
export function formsOfLayouts(layouts: ReadonlyMap<string, Layout>, texts: FilematchTexts): FileForms {
  const named = (name: string): Layout => {
    const layout = layouts.get(name);
    if (layout === undefined) throw new TypeError(`there is no layout ${name}`);
    return layout;
  };
  return {
    survey: (source, sender) => surveyFile(source, sender.layouts.map(named), sender),
    rows: (source, { layout, charset }) => readRows(source, named(layout), charset),
    result: ({ layout, charset }, facts) => createResultWriter(named(layout), charset, facts, texts),
    rejects: (charset) => createRejectsWriter(charset, texts),
    describe: (name) => {
      const layout = layouts.get(name);
      if (layout === undefined) return undefined;
      const { encoding, format, extension } = layout;
      return { format: encoding, formatVersion: format.version, extension };
    },
  };
}

import type { Formats } from './formats.js';
import type { Recorder } from './recorder.js';
import type { DashboardStanding } from './standing.js';
import type { Texts } from './texts.js';

/** What a section is made of. */
export interface View {
  readonly now: Date;
  readonly texts: Texts;
  readonly formats: Formats;
  readonly recorder: Recorder;
  readonly standing: DashboardStanding;
  /** The client that the reader wants to see alone. */
  readonly client: string | undefined;
  /** Whether the page renews itself. */
  readonly isRenewed: boolean;
}

/** The address of the page as the reader sees it, with something changed; an empty text leaves a parameter out. */
export function addressWith(view: View, change: Readonly<Record<string, string>>): string {
  const parameters = {
    lang: view.texts.language,
    client: view.client ?? '',
    refresh: view.isRenewed ? '' : 'off',
    ...change,
  };
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return `?${query.toString()}`;
}

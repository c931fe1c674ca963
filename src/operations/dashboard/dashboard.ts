import { createHash } from 'node:crypto';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../logger.js';
import type { OperationsPage } from '../operations-page.js';
import { english } from './english.js';
import { Formats } from './formats.js';
import { languageOf } from './language.js';
import { norwegian } from './norwegian.js';
import { pageOf } from './page.js';
import type { Recorder } from './recorder.js';
import type { DashboardStanding } from './standing.js';
import { stylesheet } from './stylesheet.js';

/** What the dashboard is made of. */
export interface DashboardParts {
  readonly recorder: Recorder;
  readonly standing: DashboardStanding;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Nothing is loaded and nothing runs: the one stylesheet that stands in the page, and its icon. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(stylesheet).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/`: how the adapter fares, for operators, in Norwegian or English, without script. */
export function createDashboard({ recorder, standing, clock, logger }: DashboardParts): OperationsPage {
  return {
    path: '/',
    answer: ({ query, acceptLanguage }) => {
      const language = languageOf(query.get('lang'), acceptLanguage);
      const texts = language === 'nb' ? norwegian : english;
      const now = clock.now();
      const asked = query.get('client') ?? undefined;
      const view = {
        now,
        texts,
        formats: new Formats(language, texts.times, now),
        recorder,
        standing,
        // Only names that are known beforehand are shown: anybody can make an address for somebody to follow.
        client: [...standing.clients().map(({ id }) => id), 'none', 'other'].find((id) => id === asked),
        isRenewed: query.get('refresh') !== 'off',
      };
      const body = pageOf(view, (error) => {
        logger.error('a part of the dashboard could not be read', { module: 'dashboard', error });
      });
      return { contentType: 'text/html; charset=utf-8', contentSecurityPolicy: policy, body };
    },
  };
}

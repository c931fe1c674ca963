import type { Readiness } from '../health.js';
import { Markup, markup } from './markup.js';
import { changesSection } from './sections/changes.js';
import { cutoverSection } from './sections/cutover.js';
import { errorsSection } from './sections/errors.js';
import { expirySection } from './sections/expiry.js';
import { filematchSection } from './sections/filematch.js';
import { plotsSection } from './sections/plots.js';
import { servicesSection } from './sections/services.js';
import { statusOf, statusSection, statusText } from './sections/status.js';
import { tilesSection } from './sections/tiles.js';
import { trafficSection } from './sections/traffic.js';
import { troublesSection } from './sections/troubles.js';
import { valuesSection } from './sections/values.js';
import { stylesheet } from './stylesheet.js';
import { addressWith, type View } from './view.js';

/** Seconds until the page renews itself. */
const REFRESH_SECONDS = 30;

/** The whole page. @param onTrouble told of what a section could not read; the others are shown all the same */
export function pageOf(view: View, onTrouble: (error: unknown) => void): string {
  const { texts, standing, formats, now, recorder } = view;
  const readiness = standing.readiness();
  const shown = (make: (view: View) => Markup | undefined): Markup | undefined => {
    try {
      return make(view);
    } catch (error) {
      onTrouble(error);
      return markup`<section><p class="nothing">${texts.page.unreadable}</p></section>
`;
    }
  };
  const time = formats.time(now);
  const up = formats.span(now.getTime() - recorder.since.getTime());
  const { text } = markup`<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<title>${statusText(view, readiness)} – preg-adapter ${standing.host}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${view.isRenewed ? markup`<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : undefined}
<link rel="icon" href="${icon(readiness)}">
<style>${new Markup(stylesheet)}</style>
</head>
<body>
<a class="skip" href="#state">${texts.page.skip}</a>
<header>
<h1>preg-adapter <small>${texts.page.title}</small></h1>
<p>${standing.host} · ${standing.version} · ${texts.page.upSince(up)}</p>
<p>${view.isRenewed ? texts.page.drawnAt(time, REFRESH_SECONDS) : texts.page.drawnOnce(time)}</p>
<nav><a href="traces" hreflang="en">${texts.page.traces}</a>
<a href="${addressWith(view, { refresh: view.isRenewed ? 'off' : '' })}">${view.isRenewed ? texts.page.pause : texts.page.resume}</a>
<a href="${addressWith(view, { lang: texts.page.otherLanguageName })}" lang="${texts.page.otherLanguageName}" hreflang="${texts.page.otherLanguageName}">${texts.page.otherLanguage}</a></nav>
</header>
<main>
${shown((one) => statusSection(one, readiness))}
${shown(tilesSection)}
${shown(plotsSection)}
${shown(trafficSection)}
${shown(errorsSection)}
${shown(servicesSection)}
${shown(filematchSection)}
${shown(cutoverSection)}
<div class="columns">
${shown(changesSection)}
${shown(expirySection)}
${shown(troublesSection)}
${shown(valuesSection)}
</div>
</main>
<footer><p>${texts.page.noPersons} ${texts.page.norwegianTime}</p></footer>
</body>
</html>
`;
  return text;
}

const iconColours = { ok: '2e7d4f', warning: 'b7791f', failed: 'b3261e' } as const;

/** The state for who has the page in one of many tabs. */
function icon(readiness: Readiness): string {
  const colour = iconColours[statusOf(readiness)];
  const shape = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#${colour}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(shape)}`;
}

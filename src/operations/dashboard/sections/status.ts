import type { CheckResult, CheckStatus, Readiness } from '../../health.js';
import { checkHints } from '../../check-hints.js';
import { markup, type Markup } from '../markup.js';
import { section } from '../tables.js';
import type { View } from '../view.js';

/** How the adapter is as a whole: the worst of its checks that says something. */
export function statusOf({ status, checks }: Readiness): CheckStatus {
  if (status === 'not-ready') return 'failed';
  return Object.values(checks).some((check) => check.status === 'warning') ? 'warning' : 'ok';
}

/** The state in a few words. */
export function statusText({ texts: { status: texts } }: Pick<View, 'texts'>, readiness: Readiness): string {
  const warnings = Object.values(readiness.checks).filter(({ status }) => status === 'warning').length;
  if (readiness.status === 'not-ready') return texts.notReady;
  return warnings === 0 ? texts.ready : texts.readyWithWarnings(warnings);
}

const order: readonly CheckStatus[] = ['failed', 'warning'];

/** Whether clients are answered, and everything that somebody should look at. */
export function statusSection(view: View, readiness: Readiness): Markup {
  const { status: texts } = view.texts;
  const checks = Object.entries(readiness.checks);
  const troubles = order.flatMap((status) => checks.filter(([, check]) => check.status === status));
  const well = checks.flatMap(([name, { status }]) => (status === 'ok' ? [checkName(view, name)] : []));
  const overall = statusOf(readiness);
  return section(
    'state',
    texts.heading,
    markup`<div class="state ${overall}">
<p class="verdict">${statusMark(overall)}<strong>${statusText(view, readiness)}</strong> <span>${overall === 'failed' ? texts.notReadyMeaning : texts.readyMeaning}</span></p>
${troubles.length === 0 ? undefined : markup`<ul class="troubles">${troubles.map(([name, check]) => trouble(view, name, check))}</ul>`}
${well.length === 0 ? undefined : markup`<p class="well">${texts.allWell(well.join(', '))}</p>`}
</div>
`,
  );
}

/** A sign for a state that differs in form as well as in colour. */
export function statusMark(status: CheckStatus): Markup {
  return markup`<svg class="mark ${status}" viewBox="0 0 16 16" aria-hidden="true">${shapes[status]}</svg>`;
}

const shapes: Readonly<Record<CheckStatus, Markup>> = {
  ok: markup`<circle cx="8" cy="8" r="6"/>`,
  warning: markup`<path d="M8 1.5 15.5 14.5H.5Z"/>`,
  failed: markup`<rect x="2" y="2" width="12" height="12"/>`,
};

function trouble(view: View, name: string, { status, reason, at }: CheckResult): Markup {
  const { status: texts, language } = view.texts;
  const seen = at === undefined ? undefined : new Date(at);
  const own = texts.hints[name];
  const hint = own ?? checkHints[name];
  return markup`<li>${statusMark(status)}<strong>${checkName(view, name)}</strong> <em>${texts.of[status]}</em> <span lang="en">${reason}</span>${
    seen === undefined ? undefined : markup` <small>${texts.seenAt(view.formats.instant(seen))}</small>`
  }${hint === undefined ? undefined : markup`<p lang="${own === undefined ? 'en' : language}">${hint}</p>`}</li>
`;
}

/** The name of a check for readers. */
export function checkName({ texts }: View, name: string): string {
  return texts.status.checks[name] ?? name;
}

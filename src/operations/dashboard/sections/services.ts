import type { CheckStatus } from '../../health.js';
import { markup, type Markup } from '../markup.js';
import type { CallState, OutgoingCalls } from '../outgoing-calls.js';
import {
  agoCell,
  ago,
  countCell,
  durationCell,
  nothing,
  partCell,
  section,
  table,
  type Cell,
} from '../tables.js';
import type { TokenSeen } from '../tokens-seen.js';
import type { View } from '../view.js';
import { statusMark } from './status.js';

/** The registers that are asked, and the tokens that are needed for that. */
export function servicesSection(view: View): Markup {
  const { texts, recorder, standing } = view;
  return section(
    'services',
    texts.services.heading,
    markup`<div class="columns">${service(view, texts.services.persontjenesten, recorder.persontjenesten)}${
      standing.cutover === undefined ? undefined : service(view, texts.services.preg, recorder.preg)
    }${tokens(view)}</div>
`,
  );
}

function service(view: View, name: string, calls: OutgoingCalls): Markup {
  const { services: texts, traffic } = view.texts;
  const state = calls.state(view.now);
  const rows = calls.rows(view.now);
  const { status, text } = stateOf(view, state);
  return markup`<div><h3>${statusMark(status)}${name} <small>${text}</small></h3>
<dl class="facts"><dt>${texts.lastAnswer}</dt><dd>${state.lastAnswerAt === undefined ? texts.notYet : ago(view, state.lastAnswerAt)}</dd>
${lastFailure(view, state)}</dl>
${
  rows.length === 0
    ? nothing(texts.empty)
    : table(
        [
          { title: traffic.operation },
          { title: texts.calls, kind: 'number' },
          { title: traffic.failed, kind: 'number' },
          { title: traffic.median, kind: 'number' },
          { title: traffic.p95, kind: 'number' },
          { title: traffic.last, kind: 'number' },
        ],
        rows.map(({ operation, calls: count, failed, median, p95, lastAt }): readonly Cell[] => [
          { content: operation === 'other' ? traffic.other : operation },
          countCell(view, count),
          partCell(view, failed, count, 'bad'),
          durationCell(view, median),
          durationCell(view, p95),
          agoCell(view, lastAt),
        ]),
      )
}</div>
`;
}

function lastFailure(view: View, { lastFailure: failure }: CallState): Markup | undefined {
  const { services: texts } = view.texts;
  if (failure === undefined) return undefined;
  const what = failure.what === 'none' ? texts.noAnswer : failure.what;
  return markup`<dt>${texts.lastFailure}</dt><dd>${texts.failedWith(what, view.formats.ago(failure.at))}</dd>
`;
}

function stateOf(
  { texts: { services: texts }, formats }: View,
  { breaker, heldBackUntil }: CallState,
): { readonly status: CheckStatus; readonly text: string } {
  const since = breaker.since === undefined ? '' : formats.instant(breaker.since);
  if (breaker.state === 'open') return { status: 'failed', text: texts.notAsked(since) };
  if (breaker.state === 'half-open') return { status: 'warning', text: texts.tried(since) };
  if (heldBackUntil !== undefined) {
    return { status: 'warning', text: texts.heldBack(formats.time(heldBackUntil)) };
  }
  return { status: 'ok', text: texts.asked };
}

function tokens(view: View): Markup {
  const { services: texts } = view.texts;
  const all = view.recorder.tokens.all();
  return markup`<div class="${view.standing.cutover === undefined ? '' : 'whole'}"><h3>${texts.tokens}</h3>
${
  all.length === 0
    ? nothing(texts.noTokens)
    : table(
        [
          { title: texts.organisation },
          { title: texts.scope },
          { title: texts.fetched, kind: 'number' },
          { title: texts.until, kind: 'number' },
          { title: texts.trouble },
        ],
        all.map((token) => tokenRow(view, token)),
      )
}</div>
`;
}

function tokenRow(view: View, token: TokenSeen): readonly Cell[] {
  const { services: texts } = view.texts;
  const { scope, organisation, fetchedAt, freshUntil, trouble } = token;
  const isGood = freshUntil !== undefined && freshUntil > view.now;
  const state =
    trouble === undefined
      ? isGood
        ? view.texts.status.of.ok
        : texts.expired
      : texts.tokenFailing(trouble.code, view.formats.instant(trouble.since));
  return [
    { content: organisation },
    { content: scope },
    agoCell(view, fetchedAt),
    isGood ? { content: view.formats.time(freshUntil) } : { content: '–', tone: 'quiet' },
    trouble === undefined ? { content: state } : { content: state, tone: isGood ? 'doubtful' : 'bad' },
  ];
}

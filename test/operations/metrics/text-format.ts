/** One value of a page of metrics. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A page of metrics, read strictly by Prometheus' description of its text format, version 0.0.4. */
export interface Page {
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)|\+Inf|-Inf|Nan)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;

/** @throws Error at the first line that the format does not have */
export function readPage(text: string): Page {
  if (!text.endsWith('\n')) throw new Error('the last line is not ended');
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const help = /^# HELP (\S+) .+$/.exec(line);
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
    if (help !== null) {
      addOnce(helped, help[1] ?? '', line);
    } else if (type !== null) {
      const [, name = '', kind = ''] = type;
      if (types.has(name)) throw new Error(`told twice: ${line}`);
      types.set(name, kind);
    } else {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      if (name === '') throw new Error(`no sample: ${line}`);
      const base = types.get(name) === undefined ? name.replace(/_(bucket|sum|count)$/, '') : name;
      if (types.get(base) === undefined || !helped.has(base)) throw new Error(`not introduced: ${line}`);
      addOnce(seen, `${name}{${labels}}`, line);
      samples.push({
        name,
        labels: readLabels(labels, line),
        value: Number(value.replace('Inf', 'Infinity')),
      });
    }
  }
  return { types, samples };
}

/** The value of one sample; undefined where it is not on the page. */
export function valueOf(
  { samples }: Page,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  return samples.find(
    (sample) => sample.name === name && JSON.stringify(Object.entries(sample.labels).sort()) === wanted,
  )?.value;
}

function readLabels(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (match === null) throw new Error(`no labels: ${line}`);
    labels[match[1] ?? ''] = match[2] ?? '';
  }
  return labels;
}

function addOnce(set: Set<string>, key: string, line: string): void {
  if (set.has(key)) throw new Error(`told twice: ${line}`);
  set.add(key);
}

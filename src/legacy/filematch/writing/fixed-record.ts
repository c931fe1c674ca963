import { kindOf, type FieldKind } from '../layout/fields.js';
import type { DateForm, Place } from '../layout/layout.js';
import type { CharsetText } from '../../../charset/charset-text.js';
import { dayText } from './day-text.js';

/** A record of fixed length, before it is octets. */
export interface FixedText {
  /** The fields in the order of their positions, each as wide as its place. */
  readonly parts: string[];
  readonly cut: boolean;
  readonly replaced: boolean;
}

/** Lays out one kind of record. */
export class FixedRecordForm<Field extends string> {
  private readonly places: readonly FormPlace<Field>[];

  constructor(
    places: readonly Place<Field>[],
    private readonly charset: CharsetText,
    private readonly dates: DateForm,
  ) {
    this.places = [...places]
      .sort((a, b) => a.from - b.from)
      .map(({ field, from, to }) => {
        const width = to - from + 1;
        const kind = field === 'filler' ? 'filler' : kindOf(field);
        return { field, kind, width, blank: (kind === 'counter' ? '0' : ' ').repeat(width) };
      });
  }

  /** Where a field stands among the parts; -1 when it has no place. */
  indexOf(field: Field): number {
    return this.places.findIndex((place) => place.field === field);
  }

  /** The width of the part. */
  widthAt(index: number): number {
    return this.places[index]?.width ?? 0;
  }

  /** @param value the text of a field; nothing where it is blank */
  lay(value: (field: Field | 'recordType') => string | undefined): FixedText {
    const parts: string[] = [];
    let cut = false;
    let replaced = false;
    for (const place of this.places) {
      const given = place.field === 'filler' ? undefined : value(place.field);
      if (given === undefined || given === '') {
        parts.push(place.blank);
        continue;
      }
      const carried = this.charset.carry(place.kind === 'day' ? dayText(given, this.dates) : given);
      replaced ||= carried.replaced;
      const fitted = fit(carried.text, place);
      cut ||= fitted === undefined || fitted.cut;
      parts.push(fitted === undefined ? place.blank : fitted.text);
    }
    return { parts, cut, replaced };
  }
}

interface FormPlace<Field> {
  readonly field: Field | 'recordType' | 'filler';
  readonly kind: FieldKind | 'filler';
  readonly width: number;
  /** What stands where there is no value. */
  readonly blank: string;
}

/** Widths are counted in characters, of which some take two of JavaScript's units. */
function fit(
  text: string,
  { kind, width, blank }: FormPlace<string>,
): { readonly text: string; readonly cut: boolean } | undefined {
  const length = surrogates.test(text) ? Array.from(text).length : text.length;
  if (length === width) return { text, cut: false };
  if (length < width) {
    const filling = blank.slice(length);
    return { text: kind === 'counter' ? filling + text : text + filling, cut: false };
  }
  // Half a code is another code.
  return kind === 'text' ? { text: Array.from(text).slice(0, width).join(''), cut: true } : undefined;
}

const surrogates = /[\ud800-\udfff]/;

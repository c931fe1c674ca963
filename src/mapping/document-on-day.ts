import { dayOf, type CalendarDate } from '../person/calendar-date.js';
import { currentElements, elementsOf, type Located } from './elements.js';
import { isJsonList, isJsonObject, textIn, type JsonObject, type JsonValue } from './json.js';

/** Members that tell the first day of an element where it is not `validFrom`, the first of them that holds a day. */
const BEGINNINGS: Readonly<Record<string, readonly string[]>> = { death: ['deceasedDate', 'validFrom'] };

/** Members that tell when an element ended; a stay on Svalbard has an end of its own (persontjenesten-api 12). */
const ENDS = ['validTo', 'endDate'];

/**
 * A document with history as it was on a day gone by: `isValid` tells what held then, and what began later is null, so that
 * everything else stands where it stood. A day belongs to what began on it, not to what ended (persontjenesten-api 8).
 * What holds today held since it began. What was replaced ended when the next one began. Whatever cannot be placed in
 * time did not hold. Pure.
 * @param timeless names of the lists that tell of every day what they tell today
 */
export function documentOn(
  document: JsonObject,
  day: CalendarDate,
  timeless: ReadonlySet<string>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [
      name,
      timeless.has(name) ? value : new Part(document, name).on(day, value),
    ]),
  );
}

class Part {
  readonly #elements: readonly Located<JsonObject>[];
  readonly #current: ReadonlySet<JsonObject>;

  constructor(
    document: JsonObject,
    private readonly name: string,
  ) {
    this.#elements = elementsOf(document, name);
    this.#current = new Set(currentElements(document, name).map(({ value }) => value));
  }

  on(day: CalendarDate, value: JsonValue | undefined): JsonValue | undefined {
    if (isJsonObject(value)) return this.#elementOn(day, value);
    if (!isJsonList(value)) return value;
    return value.map((element) => (isJsonObject(element) ? this.#elementOn(day, element) : element));
  }

  #elementOn(day: CalendarDate, element: JsonObject): JsonObject | null {
    const begin = this.#beginOf(element);
    if (begin !== undefined && begin > day) return null;
    const end = endIn(element);
    return {
      ...element,
      isValid: begin !== undefined && this.#heldOn(day, element, begin),
      // Nobody knew on the day when it would end.
      ...(end !== undefined && end > day && 'endDate' in element ? { endDate: null } : {}),
    };
  }

  #heldOn(day: CalendarDate, element: JsonObject, begin: CalendarDate): boolean {
    if (this.#current.has(element)) return true;
    const end = endIn(element) ?? this.#replacedOn(element, begin);
    return end !== undefined && day < end;
  }

  /** The day that the next element of the kind began. */
  #replacedOn(element: JsonObject, begin: CalendarDate): CalendarDate | undefined {
    const days = this.#elements
      .map(({ value }) => value)
      .filter((other) => isSameKind(other, element))
      .flatMap((other) => {
        const day = this.#beginOf(other);
        return day !== undefined && (day > begin || (day === begin && isLater(other, element))) ? [day] : [];
      });
    return days.toSorted()[0];
  }

  #beginOf(element: JsonObject): CalendarDate | undefined {
    return firstDayIn(element, BEGINNINGS[this.name] ?? ['validFrom']);
  }
}

function endIn(element: JsonObject): CalendarDate | undefined {
  return firstDayIn(element, ENDS);
}

function firstDayIn(element: JsonObject, members: readonly string[]): CalendarDate | undefined {
  return members
    .map((member) => dayOf(textIn(element, member) ?? ''))
    .find((day): day is CalendarDate => day !== undefined);
}

/** Relatives take the place of relatives in the same role. */
function isSameKind(a: JsonObject, b: JsonObject): boolean {
  return textIn(a, 'relatedPersonsRole') === textIn(b, 'relatedPersonsRole');
}

/** Of two that began on the same day the one that was recorded later took the place of the other. */
function isLater(a: JsonObject, b: JsonObject): boolean {
  return (textIn(a, 'registeredAt') ?? '') > (textIn(b, 'registeredAt') ?? '');
}

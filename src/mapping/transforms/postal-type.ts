import { isLocatedObject, memberAt, type Located } from '../elements.js';
import { memberOf, objectIn, textIn, type JsonObject } from '../json.js';
import {
  codeOf,
  dayInMember,
  filled,
  notDelivered,
  type Transform,
  type TransformInput,
} from '../transform.js';

/** PREG's address codes that neither protection nor a kind of stay decides (code list 4.2). */
const ORDINARY = 0;
const SVALBARD = 3;
/** No fixed abode. */
export const NO_FIXED_ABODE = 5;

/** The municipality number that PREG knew Svalbard by. */
const SVALBARD_MUNICIPALITY = '2100';

/** The codes of the kinds of stay, Svalbard before the others. */
const stayOrder = [SVALBARD, 2, 1, 8];

/** A situation that gives an address code. */
interface Situation {
  readonly code: number;
  /** What the code was read from. */
  readonly located: Located;
  /** The list element that decided, for its date. */
  readonly element: Located<JsonObject>;
}

/** The situation that gives the code, in the order of persontjenesten-api 13.4 after protection. */
function situationOf(input: TransformInput): Situation | undefined {
  const residence = input.sourceAt(0).find(isLocatedObject);
  if (residence === undefined) return stay(input);
  if (!hasPlace(residence.value)) {
    return { code: NO_FIXED_ABODE, located: memberAt(residence, 'unknownResidence'), element: residence };
  }
  const isOnSvalbard = municipalityOf(residence.value) === SVALBARD_MUNICIPALITY;
  const home = { code: isOnSvalbard ? SVALBARD : ORDINARY, located: residence, element: residence };
  return isOnSvalbard ? home : (stay(input) ?? home);
}

/** Whether the residence is a street or a farm; the third form is the unknown one. */
function hasPlace(residence: JsonObject): boolean {
  return ['streetAddress', 'cadastralAddress'].some((form) => objectIn(residence, form) !== undefined);
}

function municipalityOf(residence: JsonObject): string | undefined {
  const farm = objectIn(objectIn(residence, 'cadastralAddress') ?? {}, 'cadastralNumber');
  const place = objectIn(residence, 'streetAddress') ?? farm ?? {};
  return textIn(place, 'municipalityNumber');
}

function stay(input: TransformInput): Situation | undefined {
  const stays = [...staysOnSvalbard(input), ...staysElsewhere(input)];
  return stays.toSorted((a, b) => stayOrder.indexOf(a.code) - stayOrder.indexOf(b.code))[0];
}

function staysOnSvalbard(input: TransformInput): readonly Situation[] {
  return input
    .sourceAt(2)
    .filter(isLocatedObject)
    .filter(({ value }) => (memberOf(value, 'endDate') ?? null) === null)
    .map((element) => ({ code: SVALBARD, located: element, element }));
}

function staysElsewhere(input: TransformInput): readonly Situation[] {
  return input
    .sourceAt(1)
    .filter(isLocatedObject)
    .flatMap((element) => {
      const located = memberAt(element, 'stayElsewhere');
      const answer = codeOf(input, located);
      return answer?.kind === 'mapped' ? [{ code: Number(answer.entry.code), located, element }] : [];
    });
}

/** PostalType of an address that nothing protects; a mailing address and nothing else is an ordinary one. */
export const postalType: Transform = (input) => {
  const situation = situationOf(input);
  return situation === undefined ? filled(ORDINARY) : filled(situation.code, situation.located);
};

/** DatePostalType: since when the element that decided holds. */
export const postalTypeDay: Transform = (input) => {
  const situation = situationOf(input);
  return situation === undefined ? notDelivered : dayInMember(situation.element, 'validFrom');
};

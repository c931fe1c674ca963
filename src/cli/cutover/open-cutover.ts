import { ProfiledRegistry } from '../../access/profiled-registry.js';
import type { AdapterConfiguration } from '../../config/adapter-configuration.js';
import type { Contract } from '../../contract/preg-xml/contract.js';
import type { OldRegister } from '../../legacy/soap/pass-through.js';
import type { Mappings } from '../../mapping/person-mapper.js';
import type { EventSink } from '../../operations/events.js';
import { createPregSource } from '../../preg-source.js';
import { createCutover, type Cutover } from '../../registry/cutover/cutover.js';
import { createComparer } from '../../registry/cutover/comparison/create-comparer.js';
import { loadComparisonRules } from '../../registry/cutover/comparison/comparison-rules.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import { PregForwarder } from '../../registry/preg/preg-forwarder.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Store } from '../../store/store.js';
import { certificateAuthority } from '../certificate-authority.js';
import { version } from '../version.js';
import { comparisonDigests } from './comparison-digest.js';
import type { LiveParts } from '../live-parts.js';

/** The old register, ready to be put beside the new one. */
export interface OpenedCutover {
  /** Both as one. Called once. @param withHelpNumbers puts the adapter's own register of help numbers over PREG as well */
  over(persontjenesten: PersonRegistry, withHelpNumbers: (source: PersonRegistry) => PersonRegistry): Cutover;
  /** The old register for what cannot be compared. */
  readonly old: OldRegister;
  /** Ends what is asked in the background, writes down what is known, and takes leave of PREG. */
  close(): Promise<void>;
}

/** What a cutover is opened with. */
export interface CutoverOpening {
  readonly configuration: AdapterConfiguration;
  readonly live: LiveParts;
  /** The folder of mappings/. */
  readonly folder: string;
  readonly mappings: Mappings;
  /** Personregister-XML of 2018. */
  readonly contract: Contract;
  readonly store: Pick<
    Store,
    'standingRoutes' | 'holds' | 'comparisons' | 'usage' | 'forwardedMessages' | 'cutoverDigest'
  >;
  /** Whether somebody waits for an answer, or did a moment ago. */
  readonly people: { readonly somebody: boolean };
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens the way to PREG where there is one, and what goes with it. @throws what a broken mapping file gives */
export async function openCutover(opening: CutoverOpening): Promise<OpenedCutover> {
  const { configuration, live, mappings, store, people, events, clock, random } = opening;
  const settings = configuration.cutover;
  const comparer = createComparer(await loadComparisonRules(opening.folder), clock);
  const preg =
    settings.preg === undefined
      ? undefined
      : await createPregSource({
          ...opening,
          settings: settings.preg,
          processingCode: configuration.hl7v3.processingCode,
          certificateAuthority: certificateAuthority(configuration),
          proxy: configuration.outbound.proxy,
        });
  const rulesOf = live.follow(
    comparisonDigests({ configuration, folder: opening.folder, version: version() }),
  );
  let cutover: Cutover | undefined;
  const put = (): Cutover => {
    if (cutover === undefined) throw new TypeError('PREG was put beside nothing yet');
    return cutover;
  };
  return {
    over: (persontjenesten, withHelpNumbers) => {
      cutover = createCutover({
        registries: {
          persontjenesten,
          // What a client may not see is compared with nothing, and told from neither.
          preg: preg && new ProfiledRegistry(withHelpNumbers(preg.registry), mappings.fields),
        },
        standing: store.standingRoutes,
        holds: store.holds,
        comparisons: store.comparisons.keepingValues(
          () => live.settings.cutover.comparison.keepValues,
          (clientId) => rulesOf()(clientId),
        ),
        usage: store.usage,
        comparer,
        settings,
        pregClients: new Set(settings.preg?.accounts.map(({ client }) => client)),
        digestOf: store.cutoverDigest,
        people,
        events,
        clock,
        random,
      });
      return cutover;
    },
    old: {
      forwarder: preg && new PregForwarder(preg.service, (caller) => put().decide(caller)),
      noteUse: (caller) => {
        put().noteUse(caller);
      },
      messages: store.forwardedMessages,
    },
    close: async () => {
      await cutover?.stop();
      await preg?.close();
    },
  };
}

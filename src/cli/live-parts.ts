import type { LiveSettings } from './live-settings.js';

/**
 * Makes ready to go on by other settings, and gives what does so: that cannot fail, since others have done so by then.
 * @throws what keeps it from doing so; then nobody goes on by them
 */
export type LivePart = (next: LiveSettings) => () => void;

/** Settings that change while the adapter runs, and the parts of it that go by them: all of them change, or none. */
export class LiveParts {
  readonly #parts: LivePart[] = [];
  #settings: LiveSettings;

  constructor(settings: LiveSettings) {
    this.#settings = settings;
  }

  /** The settings as they are now. */
  get settings(): LiveSettings {
    return this.#settings;
  }

  /** Has a part follow every later change. It was made by the settings as they are now. */
  add(part: LivePart): void {
    this.#parts.push(part);
  }

  /**
   * What is made of the settings, anew whenever they change.
   * @param make throws where nothing can be made of them
   * @returns gives what was made of the settings as they are now
   */
  follow<Made>(make: (settings: LiveSettings) => Made): () => Made {
    let made = make(this.#settings);
    this.add((next) => {
      const fresh = make(next);
      return () => {
        made = fresh;
      };
    });
    return () => made;
  }

  /**
   * Goes on by these settings from now on; what is under way ends as it began.
   * @param beforehand done once it is certain that they can be followed; where it throws, nothing changes
   * @throws what keeps a part from following
   */
  reconfigure(next: LiveSettings, beforehand: () => void = () => undefined): void {
    const changes = this.#parts.map((part) => part(next));
    beforehand();
    this.#settings = next;
    for (const change of changes) change();
  }
}

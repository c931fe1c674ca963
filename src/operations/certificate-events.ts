/** What is told of the certificates of listeners while they listen. */
export interface CertificateEvents {
  /** New connections are shown another certificate from now on; those that there are go on. */
  certificateRenewed: {
    /** The listener, by its settings: `listeners.legacy`. */
    readonly setting: string;
    /** When the certificate ends; undefined where that cannot be told. */
    readonly endsAt: Date | undefined;
  };
  /** What was read in place of the certificate cannot be used, and the old one stays. */
  certificateUnusable: {
    readonly setting: string;
    /** In words that tell nothing of a key. */
    readonly problem: string;
  };
}

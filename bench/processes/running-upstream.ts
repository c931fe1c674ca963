import { z } from 'zod';

/** Somebody whom the upstream knows and whom a lookup may ask for. */
export const personForm = z.object({ nin: z.string(), familyName: z.string(), birthDate: z.string() });
export type PersonToAsk = z.output<typeof personForm>;

/** What an upstream is started with. */
export const upstreamStartForm = z.object({
  /** How many people it has. */
  population: z.number(),
  /** How many requests it remembers, and so counts. */
  rememberedRequests: z.number(),
  /** Whether lookups are answered without the sandbox's judgement, which costs more than the answers. */
  isBare: z.boolean(),
});

/** What it takes to call an upstream that runs in another process. All of it is made up and good for this run alone. */
export const runningUpstreamForm = z.object({
  baseUrl: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  privateJwk: z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string() }),
  certificatePem: z.string(),
  /** The organisation that its client acts for. */
  parent: z.string(),
  people: z.array(personForm),
  /** Numbers that nobody has. */
  unknown: z.array(z.string()),
});
export type RunningUpstream = z.output<typeof runningUpstreamForm>;

/** How often it was called. */
export const callsForm = z.object({ persontjenesten: z.number(), tokens: z.number() });

/** Where a server under test listens. */
export const serverForm = z.object({ port: z.number(), operationsPort: z.number().optional() });

/** What a server under test is started with. */
export const serverStartForm = z.object({
  upstream: runningUpstreamForm.omit({ people: true, unknown: true }),
  /** A folder of its own. */
  directory: z.string(),
  /** Certificate and key of its listener, PEM. */
  certificatePem: z.string(),
  privateKeyPem: z.string(),
  /** Settings of the adapter that a measurement is about, laid over those that it takes to run. */
  settings: z.record(z.string(), z.unknown()),
});
export type ServerStart = z.output<typeof serverStartForm>;

import type { Hospital } from './world/hospital.js';
import type { Target } from './world/target.js';

/** What is tried, and on what. */
export type Probe = ProbeOnTarget | ProbeOnHospital;

/** Something that can be tried on any adapter, whoever runs it. */
export interface ProbeOnTarget {
  readonly tried: string;
  readonly on: 'target';
  /** Part of the quick run that the tests have. */
  readonly quick?: boolean;
  /** Gives what came back, in a few words without person data. @throws Breach, NotTried */
  run(target: Target): Promise<string>;
}

/** Something that needs the upstream, the process or the log of an adapter of our own. */
export interface ProbeOnHospital {
  readonly tried: string;
  readonly on: 'hospital';
  readonly quick?: boolean;
  /** @throws Breach, NotTried */
  run(hospital: Hospital): Promise<string>;
}

/** One item of the catalogue of attacks and faults. */
export interface Item {
  readonly number: number;
  readonly title: string;
  readonly probes: readonly Probe[];
}

/** The adapter did what it must not. The message says what came back. */
export class Breach extends Error {
  override readonly name = 'Breach';
}

/** It could not be tried here. The message says why. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}

/** A probe for any adapter. */
export function onTarget(tried: string, run: ProbeOnTarget['run'], quick = false): Probe {
  return { tried, on: 'target', run, quick };
}

/** A probe for an adapter of our own. */
export function onHospital(tried: string, run: ProbeOnHospital['run'], quick = false): Probe {
  return { tried, on: 'hospital', run, quick };
}

import type { Source } from '../route.js';

/** What is known of the cutover without any person, added up for a report. */
export interface CutoverFigures {
  /** Who uses which operations, how often, since when. */
  operations(): readonly UsedOperation[];
  /** What of the register was told in answers to them. */
  fields(): readonly UsedField[];
  /** How both registers fared with the same questions, by client, operation and rules. */
  comparisons(days: DayRange): readonly ComparisonFigures[];
  /** In which fields they differed. */
  differences(days: DayRange): readonly DifferenceFigures[];
  /** How often either of them failed, and by what. */
  failures(days: DayRange): readonly FailureFigures[];
}

/** Days in UTC, counted from 1970; both are in it. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** An operation that a client uses. */
export interface UsedOperation {
  readonly clientId: string;
  readonly protocol: string;
  readonly operation: string;
  readonly questions: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
}

/** A field that was told in answers to it. */
export interface UsedField {
  readonly clientId: string;
  readonly protocol: string;
  readonly operation: string;
  /** By the row of mappings/person.yaml. */
  readonly field: string;
  /** In how many answers it was not blank. */
  readonly answers: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
}

/** How questions fared that both registers were asked. */
export interface ComparisonCounts {
  readonly questions: number;
  /** Those that both answered. */
  readonly compared: number;
  /** Those of them with differences, all of them expected. */
  readonly expected: number;
  /** Those with a difference that no rule expects. */
  readonly unexplained: number;
  /** Those of the unexplained that are about who somebody is. */
  readonly identity: number;
  /** Those that this register alone did not answer. */
  readonly failed: Readonly<Record<Source, number>>;
  /** How long each register took for all of them together. */
  readonly milliseconds: Readonly<Record<Source, number>>;
  /** People who are in none of these numbers, since one register alone was asked though the route has both asked. */
  readonly left: { readonly dropped: number; readonly sampledOut: number };
}

/** By what answers were compared: a digest of the rules, mappings and settings of that time. Empty where it was not noted. */
interface ByRules {
  readonly rules: string;
}

/** The same, of one operation of one client; both are empty for what the adapter asked of its own accord. */
export interface ComparisonFigures extends ComparisonCounts, ByRules {
  readonly clientId: string;
  readonly protocol: string;
  readonly operation: string;
}

/** A field in which answers differed. */
export interface DifferenceFigures extends ByRules {
  readonly clientId: string;
  readonly field: string;
  readonly class: 'expected' | 'unexplained';
  readonly reason: string | undefined;
  readonly isIdentity: boolean;
  /** In how many questions. */
  readonly questions: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
}

/** How often a register failed. */
export interface FailureFigures extends ByRules {
  readonly clientId: string;
  readonly source: Source;
  /** A code of the catalogue of errors. */
  readonly code: string;
  readonly questions: number;
}

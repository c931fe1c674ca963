import type { Item } from '../item.js';
import { bodies, mtom } from './bodies.js';
import { characters, charsets } from './characters.js';
import {
  depth,
  doctype,
  entities,
  externalEntity,
  malformed,
  parts,
  prototypes,
  references,
  splitBrain,
} from './intake.js';
import { guessing, impersonation, rotation } from './guessing.js';
import { signatures } from './signatures.js';
import { nonces, oneToken, proofs, skew, tokenErrors } from './tokens.js';
import { elsewhere, fairness, retries, upstream } from './upstream.js';
import { actions, doubles, understood } from './structure.js';
import { clocks, digests, halves, passwords, replays, timestamps } from './ws-security.js';
import { reuse, slowness, smuggling } from './transport.js';

/** The catalogue, in its order. */
export const items: readonly Item[] = [
  doctype,
  externalEntity,
  entities,
  references,
  depth,
  parts,
  bodies,
  malformed,
  charsets,
  characters,
  doubles,
  splitBrain,
  prototypes,
  understood,
  actions,
  mtom,
  slowness,
  smuggling,
  reuse,
  passwords,
  digests,
  replays,
  halves,
  clocks,
  timestamps,
  signatures,
  guessing,
  rotation,
  impersonation,
  tokenErrors,
  nonces,
  oneToken,
  skew,
  proofs,
  upstream,
  retries,
  fairness,
  elsewhere,
];

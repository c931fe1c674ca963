import type { OpenedPregService, PregServiceParts } from './preg-service-parts.js';

/** The way to the old PREG. Nothing is called before the first question. */
export function createPregService(parts: PregServiceParts): Promise<OpenedPregService> {
  return Promise.reject(new Error(`PREG is not reached yet by ${parts.settings.security}`));
}

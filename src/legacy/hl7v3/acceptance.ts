import type { AcknowledgementDetail } from './reply.js';
import type { TransmissionWrapper } from './request.js';

/** The processing codes that this installation takes: all of them, or production or test alone ("Decided" 12). */
export type ProcessingMode = 'any' | 'P' | 'T';

const versions = new Set(['NE2008', 'NE2010NO']);
const processingCodes = new Set(['P', 'T', 'D']);

/**
 * Why a message is not taken at all, as the detail of an `AR` reply; undefined when it is (preg-hl7v3 part 7).
 * What a client leaves out is not held against it.
 */
export function rejectionOf(
  request: TransmissionWrapper,
  requestType: string,
  mode: ProcessingMode,
): AcknowledgementDetail | undefined {
  if (!takesProcessingCode(request.processingCode, mode)) {
    return { code: 'NS202', text: 'The processing code is not one that this service accepts.' };
  }
  if (request.versionCode !== undefined && !versions.has(request.versionCode)) {
    return { code: 'NS203', text: 'The version is not one that this service accepts.' };
  }
  if (request.interaction !== undefined && !isInteraction(request.interaction, requestType)) {
    return { code: 'NS200', text: 'The interaction is not the one of this operation.' };
  }
  return undefined;
}

function takesProcessingCode(code: string | undefined, mode: ProcessingMode): boolean {
  if (code === undefined) return true;
  return mode === 'any' ? processingCodes.has(code) : code === mode;
}

/** The guide writes interactions without the `01` at the end of their types; both are taken (preg-hl7v3 2.3). */
function isInteraction(interaction: string, requestType: string): boolean {
  return interaction === requestType || interaction === requestType.replace(/01$/, '');
}

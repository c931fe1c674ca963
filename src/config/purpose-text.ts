import type { z } from 'zod';
import { text } from './values.js';

/** A line that people read in audit entries and extracts. */
export const purposeText = (what: string): z.ZodString => text(what).regex(/^[^\p{Cc}]{1,200}$/u, what);

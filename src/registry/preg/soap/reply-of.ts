import { MalformedRequest, PregRejected } from '../../../errors/errors.js';
import { elementText } from '../../../xml/element-text.js';
import type { PregReply } from '../preg-service.js';
import type { Heard } from './heard.js';

/** What was heard, as a reply. Its text is only looked for by who wants it: most replies are read, not passed on. */
export function replyOf({ document, body }: Pick<Heard, 'document' | 'body'>): PregReply {
  return {
    body,
    get text() {
      try {
        return elementText(document, body);
      } catch (error) {
        if (!(error instanceof MalformedRequest)) throw error;
        // It is not the client that has sent it.
        throw new PregRejected('wrong-answer', 'a reply whose text and elements differ');
      }
    },
  };
}

import { InvalidSecurity, InvalidTrustRequest } from '../../../errors/errors.js';
import type { Random } from '../../../runtime/random.js';
import type { XmlElement, XmlNode } from '../../../xml/element.js';
import type { Identity } from '../identification.js';
import { TRUST } from '../../../contract/soap/namespaces.js';
import { trustActions, type TrustAim } from '../../../contract/soap/trust.js';
import type { OperationAddress } from '../soap-service.js';
import type { SecurityContexts } from './security-contexts.js';
import { cancelledResponse, keyResponse } from './trust-reply.js';
import { contextAttribute, readEntropy, requireAim, requireTarget } from './trust-request.js';

/** A message about security contexts, served at every SOAP address. Contract: preg-hl7v3 1.3 and 1.5. */
export interface TrustOperation extends OperationAddress {
  /**
   * The body of the reply.
   * @throws InvalidSecurity when the sender has proven itself in another way than this message asks for
   * @throws InvalidTrustRequest, StoreFailed
   */
  answer(request: XmlElement, sender: Identity): XmlNode;
}

/** Issue, renew and cancel. */
export function trustOperations(contexts: SecurityContexts, random: Random): readonly TrustOperation[] {
  const entropyId = (): string => `uuid-${random.uuid()}-2`;
  return [
    {
      ...addressOf('Issue'),
      answer: (request, sender) => {
        if (sender.proof !== 'password') throw wrongProof('a context is issued for a password alone');
        requireAim(request, 'Issue');
        const context = contextAttribute(request);
        const key = contexts.issue(sender.client, readEntropy(request));
        return keyResponse(key, entropyId(), context);
      },
    },
    {
      ...addressOf('Renew'),
      answer: (request, sender) => {
        if (sender.proof !== 'context and password') {
          throw wrongProof('a context is renewed by its key and a password');
        }
        if (sender.passwordOf !== sender.client.id) {
          throw new InvalidTrustRequest('the password is that of another client than the context');
        }
        requireAim(request, 'Renew');
        requireTarget(request, 'RenewTarget', sender.context.identifier);
        const context = contextAttribute(request);
        const key = contexts.renew(sender, readEntropy(request));
        return keyResponse(key, entropyId(), context);
      },
    },
    {
      ...addressOf('Cancel'),
      answer: (request, sender) => {
        if (sender.proof !== 'context') throw wrongProof('a context is cancelled by its key alone');
        requireAim(request, 'Cancel');
        requireTarget(request, 'CancelTarget', sender.context.identifier);
        const context = contextAttribute(request);
        contexts.cancel(sender.context);
        return cancelledResponse(context);
      },
    },
  ];
}

function addressOf(aim: TrustAim): OperationAddress {
  return {
    name: `${aim}SecurityContext`,
    ...trustActions(aim),
    bodyNamespace: TRUST,
    bodyLocalName: 'RequestSecurityToken',
  };
}

function wrongProof(message: string): InvalidSecurity {
  return new InvalidSecurity(message);
}

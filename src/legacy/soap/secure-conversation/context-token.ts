import { z } from 'zod';
import type { ContextSeal } from '../../../access/context-seal.js';
import { BadContextToken } from '../../../errors/errors.js';
import { decodeBase64 } from '../../../xml/base64.js';
import type { XmlElement, XmlNode } from '../../../xml/element.js';
import { collapsedText, hasStrayText, isNamed } from '../../../xml/element-reading.js';
import { DOTNET_SECURITY, SECURE_CONVERSATION } from '../../../contract/soap/namespaces.js';
import { KEY_LENGTH } from '../../../contract/soap/trust.js';
import type { SecurityContext } from './security-context.js';

/**
 * The SecurityContextToken on the wire. Clients keep it as it is and send it back with each message, so the state of the
 * session travels in it, sealed, in the Cookie that WCF has for the same purpose. Any node that has the key serves it.
 */

/** The token of a context, to be written where `u` is declared. `tokenId` is its `u:Id`. */
export function writeContextToken(context: SecurityContext, tokenId: string, seal: ContextSeal): XmlNode {
  const { identifier, instance } = context;
  const cookie = Buffer.from(seal.seal(stateOf(context), identifier)).toString('base64');
  return {
    name: 'c:SecurityContextToken',
    attributes: { 'u:Id': tokenId, 'xmlns:c': SECURE_CONVERSATION },
    content: [
      { name: 'c:Identifier', content: [identifier] },
      ...(instance === undefined ? [] : [{ name: 'c:Instance', content: [instance] }]),
      { name: 'Cookie', attributes: { xmlns: DOTNET_SECURITY }, content: [cookie] },
    ],
  };
}

/** Contexts that were opened before, by the cookie that they lay in. */
export interface OpenedContexts {
  get(cookie: string): SecurityContext | undefined;
  set(cookie: string, context: SecurityContext): void;
}

/**
 * The context that a token stands for. What it says in clear must be what was sealed.
 * @param opened spares the opening of a cookie that was opened before: a client sends the same with each message
 * @throws BadContextToken
 */
export function openContextToken(
  token: XmlElement,
  seal: ContextSeal,
  opened?: OpenedContexts,
): SecurityContext {
  const identifier = onlyText(token, SECURE_CONVERSATION, 'Identifier');
  const instance = onlyText(token, SECURE_CONVERSATION, 'Instance');
  const cookie = onlyText(token, DOTNET_SECURITY, 'Cookie');
  if (identifier === undefined || cookie === undefined) {
    throw new BadContextToken('the context token is not one of ours');
  }
  const parts = instance === undefined ? 2 : 3;
  if (token.children.length !== parts || hasStrayText(token)) {
    throw new BadContextToken('the context token has a part that is not ours');
  }
  const context = opened?.get(cookie) ?? contextIn(cookie, identifier, seal);
  if (context.identifier !== identifier || context.instance !== instance) {
    throw new BadContextToken('the context token names another context or key than was sealed');
  }
  opened?.set(cookie, context);
  return context;
}

function contextIn(cookie: string, identifier: string, seal: ContextSeal): SecurityContext {
  const sealed = decodeBase64(cookie);
  if (sealed === undefined) throw new BadContextToken('the cookie of the context token is not base64');
  return contextOf(seal.open(sealed, identifier));
}

function onlyText(token: XmlElement, namespace: string, localName: string): string | undefined {
  const found = token.children.filter((child) => child.localName === localName);
  const [element] = found;
  if (element === undefined) return undefined;
  const text = isNamed(element, namespace, localName) ? collapsedText(element) : undefined;
  if (found.length > 1 || text === undefined) {
    throw new BadContextToken(`the context token has not one ${localName}`);
  }
  return text;
}

const FORMAT = 1;

function stateOf(context: SecurityContext): Uint8Array {
  const state: z.input<typeof stateForm> = {
    format: FORMAT,
    identifier: context.identifier,
    instance: context.instance ?? null,
    client: context.clientId,
    credential: context.credentialDigest,
    key: Buffer.from(context.key).toString('base64'),
    issuedAt: context.issuedAt.getTime(),
    keyExpiresAt: context.keyExpiresAt.getTime(),
  };
  return Buffer.from(JSON.stringify(state), 'utf8');
}

function contextOf(octets: Uint8Array): SecurityContext {
  const parsed = stateForm.safeParse(jsonOf(Buffer.from(octets).toString('utf8')));
  // Sealed by us, so it is whole; but perhaps by another version of this program.
  if (!parsed.success) throw new BadContextToken('the state in the context token is of another format');
  const { identifier, instance, client, credential, key, issuedAt, keyExpiresAt } = parsed.data;
  return {
    identifier,
    instance: instance ?? undefined,
    clientId: client,
    credentialDigest: credential,
    key,
    issuedAt: new Date(issuedAt),
    keyExpiresAt: new Date(keyExpiresAt),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const stateForm = z.strictObject({
  format: z.literal(FORMAT),
  identifier: z.string(),
  instance: z.string().nullable(),
  client: z.string(),
  credential: z.string(),
  key: z
    .string()
    .transform((text): Uint8Array => Buffer.from(text, 'base64'))
    .refine((key) => key.length === KEY_LENGTH),
  issuedAt: z.int(),
  keyExpiresAt: z.int(),
});

import { codeSystems, hl7Namespace, PREG_DEVICE } from '../../../contract/hl7v3/code-systems.js';
import { wrapperNamespace, type Hl7v3Operation } from '../../../contract/hl7v3/operations.js';
import type { Random } from '../../../runtime/random.js';
import type { XmlNode } from '../../../xml/element.js';
import { writeXml } from '../../../xml/writer.js';

/** HL7's processing codes: production, test, debugging. */
export type ProcessingCode = 'P' | 'T' | 'D';

/** What every query has in common. */
export interface QueryParts {
  readonly random: Random;
  /** PREG answers messages of its own mode alone. */
  readonly processingCode: ProcessingCode;
}

/**
 * A query as the known clients send it (preg-hl7v3 2.3 and 2.5), with that in its `queryByParameter`, as the XML text of the
 * body: PREG is known to take nothing else.
 */
export function queryMessage(
  operation: Hl7v3Operation,
  query: readonly XmlNode[],
  { random, processingCode }: QueryParts,
): string {
  return writeXml({
    name: `t:${operation.name}`,
    attributes: { 'xmlns:t': wrapperNamespace, xmlns: hl7Namespace },
    content: [
      {
        name: `t:${operation.requestElement}`,
        content: [
          { name: 'id', attributes: { root: random.uuid() } },
          { name: 'versionCode', attributes: { code: 'NE2010NO' } },
          {
            name: 'interactionId',
            attributes: { root: codeSystems.interaction, extension: operation.requestType },
          },
          { name: 'processingCode', attributes: { code: processingCode } },
          { name: 'processingModeCode', attributes: { code: 'T' } },
          {
            name: 'receiver',
            attributes: { typeCode: 'RCV' },
            content: [
              {
                name: 'device',
                attributes: { classCode: 'DEV', determinerCode: 'INSTANCE' },
                content: [{ name: 'id', attributes: { root: PREG_DEVICE } }],
              },
            ],
          },
          {
            name: 'controlActProcess',
            // The mood that .NET's clients have always sent, whatever it means.
            attributes: { classCode: 'CACT', moodCode: 'APT' },
            content: [{ name: 'queryByParameter', content: query }],
          },
        ],
      },
    ],
  });
}

/** A parameter with one value. */
export function parameter(name: string, value: Omit<XmlNode, 'name'>): XmlNode {
  return { name, content: [{ name: 'value', ...value }] };
}

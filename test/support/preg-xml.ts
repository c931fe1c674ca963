import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operationOf, type Contract, type ContractVersion } from '../../src/contract/preg-xml/contract.js';
import { readData } from '../../src/contract/preg-xml/data-reader.js';
import type { DataValue } from '../../src/contract/preg-xml/data-value.js';
import { replyBody } from '../../src/contract/preg-xml/data-writer.js';
import { loadContract } from '../../src/contract/preg-xml/load-contract.js';
import { createPregXmlMetadata } from '../../src/legacy/preg-xml/schema/metadata.js';
import type { ReadRecord } from '../../src/contract/preg-xml/read-record.js';
import { readXml } from '../../src/xml/reader.js';
import { writeXml } from '../../src/xml/writer.js';

/** The table of the contract that the adapter ships. */
export const contractTable = fileURLToPath(
  new URL('../../../mappings/preg-xml/contract.yaml', import.meta.url),
);

/** Both versions of it. */
export const contracts: Readonly<Record<ContractVersion, Contract>> = {
  '2016': await loadContract(contractTable, '2016'),
  '2018': await loadContract(contractTable, '2018'),
};

/** The child of a reply's Body as it goes over the wire. */
export function replyText(operation: string, result: DataValue, contract = contracts['2018']): string {
  return writeXml(replyBody(operationOf(contract, operation), result));
}

/** A request's element as the service reads it. */
export function readRequest(operation: string, text: string, contract = contracts['2018']): ReadRecord {
  return readData(readXml(text), operationOf(contract, operation).request);
}

/** A reply's element as a client reads it. */
export function readReply(operation: string, text: string, contract = contracts['2018']): ReadRecord {
  return readData(readXml(text), operationOf(contract, operation).reply);
}

/** The schemas as clients get them, in a folder where they find each other; the path of the service's own. */
export function writeSchemas(folder: string, contract: Contract): string {
  mkdirSync(folder);
  const { schemas } = createPregXmlMetadata(contract)('https://preg.example/P.svc');
  for (const [name, schema] of schemas) {
    writeFileSync(join(folder, `${name}.xsd`), schema.replaceAll(/https:[^"]+\?xsd=(\w+)/g, '$1.xsd'));
  }
  return join(folder, 'xsd0.xsd');
}

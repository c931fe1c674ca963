import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createClientAsync } from 'soap';
import { loadTypeTable } from '../../../../src/legacy/hl7v3/schema/load-type-table.js';
import { createHl7v3Metadata } from '../../../../src/legacy/hl7v3/schema/metadata.js';
import { hl7v3Operations } from '../../../../src/contract/hl7v3/operations.js';
import { canRun, typeTablePath } from './places.js';

const python = '/usr/bin/python3';
const path = '/Personregister.HL7/PersonRegistry.svc';
const operationNames = hl7v3Operations.map(({ name }) => name).sort();

/** Lists the operations and the names of the inner type of GetDemographics' reply, as zeep reads them. */
const zeepScript = `
import json, sys, zeep
client = zeep.Client(sys.argv[1])
reply = client.get_type('{urn:hl7-org:v3}PRPA_MT101303NO01.Person')
print(json.dumps([sorted(client.service._operations), [name for name, _ in reply.elements]]))
`;

describe('generated HL7 v3 metadata in other toolkits', function () {
  this.timeout(30_000);
  let server: Server;
  let address: string;

  before(async () => {
    const metadataFor = createHl7v3Metadata(await loadTypeTable(typeTablePath));
    server = createServer((request, response) => {
      const { wsdl, singleWsdl, schemas } = metadataFor(address);
      const query = new URL(request.url ?? '', address).search;
      const documents: Readonly<Record<string, string | undefined>> = {
        '?wsdl': wsdl,
        '?singleWsdl': singleWsdl,
        '?xsd=xsd0': schemas.get('xsd0'),
        '?xsd=xsd1': schemas.get('xsd1'),
      };
      response.setHeader('content-type', 'text/xml; charset=utf-8');
      response.end(documents[query] ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    address = `http://127.0.0.1:${bound.port}${path}`;
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  for (const query of ['?wsdl', '?singleWsdl']) {
    it(`lets node-soap list the six operations from ${query}`, async () => {
      const client = await createClientAsync(`${address}${query}`);
      const services: unknown = client.describe();
      expect(services).to.have.nested.property('PersonRegistry.WSHttpBinding_IPersonRegistry');
      expect(services)
        .to.have.nested.property('PersonRegistry.WSHttpBinding_IPersonRegistry')
        .that.has.all.keys(operationNames);
    });

    it(`lets zeep list the six operations and a person's elements from ${query}`, async function () {
      if (!canRun(python, '-c', 'import zeep')) this.skip();
      const { stdout } = await promisify(execFile)(python, ['-c', zeepScript, `${address}${query}`]);
      const listed: unknown = JSON.parse(stdout);
      expect(listed).to.have.nested.property('[0]').that.deep.equals(operationNames);
      expect(listed)
        .to.have.nested.property('[1]')
        .that.includes.members(['name', 'birthTime', 'personalRelationship']);
    });
  }
});

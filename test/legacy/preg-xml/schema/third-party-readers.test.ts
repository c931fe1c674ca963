import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createClientAsync } from 'soap';
import { createPregXmlMetadata } from '../../../../src/legacy/preg-xml/schema/metadata.js';
import { contracts } from '../../../support/preg-xml.js';
import { canRun } from '../../hl7v3/schema/places.js';

const python = '/usr/bin/python3';
const operationNames = [...contracts['2018'].operations.keys()].sort();

/** Lists the operations, the members of an address and of a pair, and a request, as zeep reads and writes them. */
const zeepScript = `
import json, sys, zeep
client = zeep.Client(sys.argv[1])
address = client.get_type('{http://register.nhn.no/PR}Address')
parameters = {'ListOfNIN': {'string': ['1']}, 'SearchConstraints': {'KeyValuePairOfstringstring': [{'key': 'a', 'value': 'b'}]}}
client.create_message(client.service, 'GetAddressesAdvanced', parameters=parameters)
print(json.dumps([sorted(client.service._operations), [name for name, _ in address.elements]]))
`;

describe('generated Personregister-XML metadata in other toolkits', function () {
  this.timeout(30_000);
  let server: Server;
  let address: string;

  before(async () => {
    const metadataFor = createPregXmlMetadata(contracts['2018']);
    server = createServer((request, response) => {
      const { wsdl, singleWsdl, schemas } = metadataFor(address);
      const query = new URL(request.url ?? '', address).searchParams;
      const schema = schemas.get(query.get('xsd') ?? '');
      response.setHeader('content-type', 'text/xml; charset=utf-8');
      response.end(query.has('singleWsdl') ? singleWsdl : (schema ?? wsdl));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    address = `http://127.0.0.1:${bound.port}/Personregister.WCF/PersonService.svc`;
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  for (const query of ['?wsdl', '?singleWsdl']) {
    it(`lets node-soap list the eight operations from ${query}`, async () => {
      const client = await createClientAsync(`${address}${query}`);
      const services: unknown = client.describe();
      expect(services)
        .to.have.nested.property('PersonService.CustomBinding_IPersonService')
        .that.has.all.keys(operationNames);
    });

    it(`lets zeep read and write everything by ${query}`, async function () {
      if (!canRun(python, '-c', 'import zeep')) this.skip();
      const { stdout } = await promisify(execFile)(python, ['-c', zeepScript, `${address}${query}`]);
      const type = contracts['2018'].types.get('Address');
      const members = type?.kind === 'record' ? type.members.map(({ name }) => name) : [];
      expect(JSON.parse(stdout)).to.deep.equal([operationNames, members]);
    });
  }
});

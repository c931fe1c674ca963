/**
 * GetDemographics as a team would write it in a day: node-soap serves the WSDL, one call per request fetches the person,
 * and some code lays the answer out. No audit, no masking beyond the obvious, no deadline, nothing but UsernameToken.
 */
import { Agent } from 'node:https';
import { join } from 'node:path';
import axios from 'axios';
import { listen as listenSoap, type Server } from 'soap';
import winston from 'winston';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import { createHl7v3Metadata } from '../../src/legacy/hl7v3/schema/metadata.js';
import { HL7V3_PATH } from '../../test/support/get-demographics-request.js';
import { ACCOUNT } from './adapter-configuration.js';
import { createApiCalls, type ApiCalls } from './api-calls.js';
import { takeCommands } from './commands.js';
import { listen } from './https-server.js';
import { lookupQueries } from './lookup-calls.js';
import { demographicsOf } from './peer-answer.js';
import { serverStartForm } from './running-upstream.js';

const attributes = z.object({ extension: z.string() });
const requestForm = z.object({
  query: z.object({
    id: z.object({ attributes: z.object({ root: z.string(), extension: z.string().optional() }) }),
    controlActProcess: z.object({
      queryByParameter: z.object({
        parameterList: z.object({
          identifiedPersonIdentifier: z.tuple([z.object({ value: z.tuple([z.object({ attributes })]) })]),
        }),
      }),
    }),
  }),
});
const securityForm = z.object({
  UsernameToken: z.object({
    Username: z.string(),
    Password: z.union([z.string(), z.object({ $value: z.string() }).transform(({ $value }) => $value)]),
  }),
});

let close = (): void => undefined;

takeCommands(
  {
    start: async (payload) => {
      const start = serverStartForm.parse(payload);
      const agent = new Agent({ ca: start.upstream.certificatePem, keepAlive: true });
      const http = axios.create({
        httpsAgent: agent,
        proxy: false,
        responseType: 'text',
        transformResponse: (body: unknown) => body,
        validateStatus: () => true,
      });
      const calls = await createApiCalls(http, start.upstream);
      const [query = ''] = await lookupQueries();
      const file = new winston.transports.File({ filename: join(start.directory, 'log.jsonl') });
      const log = winston.createLogger({
        format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
        // winston declares its transports as interfaces with a constructor, not as the classes that they are.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
        transports: [file],
      });
      const listening = await listen(start);
      const types = await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml'));
      const address = `https://127.0.0.1:${listening.port}${HL7V3_PATH}`;
      const soap = await serveSoap(listening.server, createHl7v3Metadata(types)(address).singleWsdl, {
        GetDemographics: async (request: unknown) => {
          const startedAt = Date.now();
          const answer = await lookUp(calls, query, request);
          log.info('GetDemographics', { milliseconds: Date.now() - startedAt });
          return answer;
        },
      });
      soap.authenticate = (security: unknown) => {
        const { data } = securityForm.safeParse(security);
        return (
          data?.UsernameToken.Username === ACCOUNT.username &&
          data.UsernameToken.Password === ACCOUNT.password
        );
      };
      close = () => {
        listening.close();
        agent.destroy();
      };
      return { port: listening.port };
    },
  },
  () => {
    close();
    return Promise.resolve();
  },
);

function serveSoap(
  server: Parameters<typeof listenSoap>[0],
  wsdl: string,
  operations: Readonly<Record<string, (request: unknown) => Promise<object>>>,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const soap = listenSoap(server, {
      path: HL7V3_PATH,
      xml: wsdl,
      forceSoap12Headers: true,
      services: { PersonRegistry: { WSHttpBinding_IPersonRegistry: operations } },
      callback: (error: unknown) => {
        if (error === null || error === undefined) resolve(soap);
        else reject(error instanceof Error ? error : new Error('the WSDL could not be read'));
      },
    });
  });
}

async function lookUp(calls: ApiCalls, query: string, request: unknown): Promise<object> {
  const { id, controlActProcess } = requestForm.parse(request).query;
  const { parameterList } = controlActProcess.queryByParameter;
  const nin = parameterList.identifiedPersonIdentifier[0].value[0].attributes.extension;
  const { status, body } = await calls.personByNumber(nin, query);
  if (status !== 200) throw new Error(`Persontjenesten answered ${status}`);
  return demographicsOf(JSON.parse(body), nin, id.attributes);
}

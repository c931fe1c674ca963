import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { loadMappings } from '../../config/mapping-files.js';
import { packageRoot } from '../../config/package-root.js';
import { loadContract } from '../../contract/preg-xml/load-contract.js';
import { configurationOption } from '../configuration-option.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { explainProfile } from './explanation.js';
import { explanationText } from './explanation-text.js';

/** `preg-adapter profiles explain`: what a client with a profile sees in each protocol, and what is asked for it. */
export function explainProfileCommand(surroundings: Surroundings): Command {
  return new Command('explain')
    .argument('<profile>', 'one of profiles, or complete')
    .summary('explain what a client with a profile sees, and what that costs')
    .description(
      'Tells which groups and fields the profile shows, what comes blank in each protocol, which questions are refused, and\n' +
        'which information parts are asked of Persontjenesten for it. All of it is tried out on made-up people and read from\n' +
        'mappings/: nobody is looked up, and no service is called.',
    )
    .addOption(configurationOption())
    .option('--json', 'as JSON')
    .action(async (name: string, { config, json = false }: { config: string; json?: boolean }) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const folder = join(packageRoot(), 'mappings');
      const explanation = explainProfile(name, {
        configuration,
        mappings: await loadMappings(folder),
        contract: await loadContract(
          join(folder, 'preg-xml', 'contract.yaml'),
          configuration.pregXml.contractVersion,
        ),
        hl7v2: configuration.hl7v2,
      });
      if (explanation === undefined) {
        const known = Object.keys(configuration.profiles).join(', ');
        throw new CommandFailed(`There is no profile ${name}; there is ${known}.`);
      }
      surroundings.output.stdout.write(
        json ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation),
      );
    });
}

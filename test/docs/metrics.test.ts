import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { metricsUnderTest } from '../operations/metrics/metrics-fixture.js';

const docs = join(packageRoot(), 'docs');
const alertsFile = join(docs, 'examples', 'alerts.yaml');
const PROMTOOL = spawnSync('promtool', ['--version']).status === 0;

const alertFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string(), action: z.string() }),
        }),
      ),
    }),
  ),
});

describe('docs/metrics.md', () => {
  const { described } = metricsUnderTest();
  const text = readFileSync(join(docs, 'metrics.md'), 'utf8');

  it('has a row for each metric, with its kind and labels, and no other', () => {
    const rows = [...text.matchAll(/^\| `([a-z_]+)` \| (\w+) \| ([^|]*) \| ([^|]+) \|$/gm)].map(
      ([, name, kind, labels = '', tells = '']) => ({
        name,
        kind,
        labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
        tells: tells.trim().replaceAll('`', ''),
      }),
    );
    const code = described.map(({ help, labels, ...metric }) => ({
      ...metric,
      labels: [...labels],
      tells: help,
    }));
    const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }): number =>
      (a.name ?? '').localeCompare(b.name ?? '');
    expect(rows.sort(byName)).to.deep.equal(code.sort(byName));
  });

  describe('and docs/examples/alerts.yaml', () => {
    const alerts = alertFile.parse(parse(readFileSync(alertsFile, 'utf8')));
    const rules = alerts.groups.flatMap(({ rules: some }) => some);

    it('name metrics and labels that exist', () => {
      for (const { alert, expr } of rules) {
        const names = [...expr.matchAll(/\b((?:preg_adapter|process|nodejs)_[a-z_]+)(?:\{([^}]*)\})?/g)];
        expect(names, alert).to.not.deep.equal([]);
        for (const [, name = '', selector = ''] of names) {
          const metric = described.find(
            (one) =>
              one.name === name ||
              (one.kind === 'histogram' &&
                [`${one.name}_bucket`, `${one.name}_count`, `${one.name}_sum`].includes(name)),
          );
          expect(metric, `${alert}: ${name}`).to.not.equal(undefined);
          for (const [, label = ''] of selector.matchAll(/(\w+)\s*[=!]/g)) {
            expect(metric?.labels, `${alert}: ${name}`).to.include(label);
          }
        }
      }
    });

    it('have each alert told of, once', () => {
      const told = [...text.matchAll(/^\| ([A-Z]\w+) \|/gm)].map(([, name]) => name);
      expect(told).to.deep.equal(rules.map(({ alert }) => alert));
    });

    it('are alerts that Prometheus takes', function () {
      if (!PROMTOOL) this.skip();
      const judged = spawnSync('promtool', ['check', 'rules', alertsFile], { encoding: 'utf8' });
      expect(judged.status, judged.stdout + judged.stderr).to.equal(0);
    });
  });
});

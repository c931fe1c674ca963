/* global process */
/** Mocha's spec reporter, which also writes its counts to the file that PREG_ADAPTER_TEST_COUNTS names, for .ci/run. */
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.PREG_ADAPTER_TEST_COUNTS;
    if (file === undefined) return;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      writeFileSync(file, `${this.stats.passes} ${this.stats.failures} ${this.stats.pending}\n`);
    });
  }
}

module.exports = CountingReporter;

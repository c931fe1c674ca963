import { Writable } from 'node:stream';
import { expect } from 'chai';
import { createLogger, logLevels, silentLogger } from '../../src/operations/logger.js';
import { ManualClock } from '../support/manual-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { logFixture } from './log-fixture.js';

const correlationId = '0a1b2c3d-0000-4000-8000-123456789012';

describe('the logger', () => {
  it('writes one JSON object per line, with the common fields first', async () => {
    const log = logFixture();
    log.logger.info('request answered', {
      milliseconds: 12.5,
      module: 'request',
      correlationId,
      outcome: 'found',
    });
    expect(await log.lines()).to.deep.equal([
      '{"at":"2025-03-01T12:00:00.000Z","level":"info","message":"request answered",' +
        `"correlationId":"${correlationId}","module":"request","milliseconds":12.5,"outcome":"found"}`,
    ]);
  });

  for (const [index, level] of logLevels.entries()) {
    it(`writes what is as grave as ${level} or graver`, async () => {
      const log = logFixture(level);
      for (const each of logLevels) log.logger.log(each, each);
      expect((await log.records()).map((record) => record['level'])).to.deep.equal(
        logLevels.slice(0, index + 1),
      );
    });
  }

  it('goes by the level of the module where there is one, and by other levels once it is told to', async () => {
    const log = logFixture('warn');
    const { logger } = log;
    const lines = (round: string): void => {
      for (const module of ['helseid', 'request']) logger.info(`${module} ${round}`, { module });
      logger.with({ module: 'helseid' }).debug(`bound ${round}`);
      logger.info(`of none ${round}`);
      logger.warn(`graver ${round}`, { module: 'request' });
    };
    lines('at first');
    logger.setLevels({ level: 'info', levels: { helseid: 'debug', request: 'error' } });
    lines('then');
    logger.setLevels({ level: 'error' });
    lines('in the end');
    expect((await log.records()).map((record) => record['message'])).to.deep.equal([
      'graver at first',
      'helseid then',
      'bound then',
      'of none then',
    ]);
  });

  it('has a method for each level', async () => {
    const log = logFixture();
    const { logger } = log;
    logger.error('m');
    logger.warn('m');
    logger.info('m');
    logger.debug('m');
    expect((await log.records()).map((record) => record['level'])).to.deep.equal([...logLevels]);
  });

  it('carries bound fields, which a line may override', async () => {
    const log = logFixture();
    const bound = log.logger.with({ module: 'a', correlationId }).with({ clientId: 'c' });
    bound.warn('one');
    bound.warn('two', { module: 'b' });
    const [one, two] = await log.records();
    expect(one).to.include({ module: 'a', correlationId, clientId: 'c' });
    expect(two).to.include({ module: 'b', clientId: 'c' });
  });

  it('lets no field take the place of time, level or message', async () => {
    const log = logFixture();
    log.logger.info('true', { at: 'x', level: 'x', message: 'x' });
    expect((await log.records())[0]).to.deep.equal({
      at: '2025-03-01T12:00:00.000Z',
      level: 'info',
      message: 'true',
    });
  });

  for (const format of ['json', 'pretty'] as const) {
    it(`takes numbers out of every place of a ${format} line`, async () => {
      const number = syntheticNumber();
      const log = logFixture('debug', format);
      log.logger.error(`message ${number}`, {
        text: number,
        computed: Number(`9${number.slice(1)}`),
        list: ['a', number],
        [number]: 'name of a field',
        error: new Error(`about ${number}`),
        correlationId: number,
      });
      const text = (await log.lines()).join('\n');
      expect(text).not.to.include(number).and.not.to.include(number.slice(1));
      expect(text.match(/\[number\]/g)).to.have.length(7);
    });
  }

  it('keeps a correlation id that ends in twelve decimal digits', async () => {
    const log = logFixture();
    log.logger.info('m', { correlationId, other: correlationId });
    const [record] = await log.records();
    expect(record?.['correlationId']).to.equal(correlationId);
    expect(record?.['other']).to.include('[number]');
  });

  it('leaves out whatever is not plain, and keeps what is', async () => {
    const log = logFixture();
    log.logger.info('m', {
      object: { name: 'KARI' },
      bytes: Buffer.from('KARI'),
      map: new Map([['KARI', 1]]),
      mixed: ['a', { name: 'KARI' }],
      missing: undefined,
      nothing: null,
      flag: false,
      date: new Date('2025-01-02T03:04:05.000Z'),
      noDate: new Date(Number.NaN),
      notANumber: Number.NaN,
    });
    expect((await log.records())[0]).to.deep.equal({
      at: '2025-03-01T12:00:00.000Z',
      level: 'info',
      message: 'm',
      object: '[left out]',
      bytes: '[left out]',
      map: '[left out]',
      mixed: '[left out]',
      nothing: null,
      flag: false,
      date: '2025-01-02T03:04:05.000Z',
      noDate: 'no date',
      notANumber: 'NaN',
    });
  });

  it('describes whatever is under "error", caught or not', async () => {
    const log = logFixture();
    log.logger.info('m', { error: 'thrown text' });
    expect((await log.records())[0]?.['error']).to.deep.equal({
      name: 'string',
      message: 'something other than an error was thrown',
    });
  });

  it('writes for people when asked to, the stack below the line', async () => {
    const log = logFixture('debug', 'pretty');
    log.logger.warn('two words', {
      module: 'm',
      note: 'with space',
      count: 2,
      error: new Error('bad', { cause: new TypeError('worse') }),
    });
    const [line, ...frames] = await log.lines();
    expect(line).to.equal(
      '12:00:00.000 warn  two words module=m note="with space" count=2 error="Error: bad < TypeError: worse"',
    );
    expect(frames[0]).to.match(/^ {4}at /);
  });

  for (const format of ['json', 'pretty'] as const) {
    it(`keeps a ${format} line in one piece whatever a value holds`, async () => {
      const log = logFixture('debug', format);
      log.logger.info('a\nb', { value: 'c\r\nd\u001b[31m\u2028e', [`f\ng`]: 'h' });
      const lines = await log.lines();
      expect(lines).to.have.length(1);
      expect(lines[0]).not.to.include('\u001b');
    });
  }

  it('has handed over every line once it is closed, in order', async () => {
    const log = logFixture();
    for (let index = 0; index < 2_000; index += 1) log.logger.info('m', { index });
    expect((await log.records()).map((record) => record['index'])).to.deep.equal(
      Array.from({ length: 2_000 }, (_, index) => index),
    );
  });

  it('survives a stream that breaks', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const logger = createLogger({ level: 'info', format: 'json', stream, clock: new ManualClock() });
    logger.info('into the void');
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => {
      logger.info('again');
    }).not.to.throw();
    await logger.close();
  });

  it('can be silent', () => {
    expect(() => {
      silentLogger.with({ a: 1 }).error('m', { error: new Error('x') });
    }).not.to.throw();
  });
});

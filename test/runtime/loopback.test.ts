import { expect } from 'chai';
import { isLoopback } from '../../src/runtime/loopback.js';

describe('loopback', () => {
  for (const host of [
    '127.0.0.1',
    '127.8.9.1',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'localhost',
    'LOCALHOST',
  ]) {
    it(`is ${host}`, () => {
      expect(isLoopback(host)).to.equal(true);
    });
  }

  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    '126.255.255.255',
    'localhost.example',
    'preg',
    '',
  ]) {
    it(`is not ${JSON.stringify(host)}`, () => {
      expect(isLoopback(host)).to.equal(false);
    });
  }
});

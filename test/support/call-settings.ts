import type { CallSettings } from '../../src/registry/persontjenesten/calls/call-policy.js';

/** How calls are made unless the configuration says otherwise, but for what a test is about. */
export function callSettings(settings: Partial<CallSettings> = {}): CallSettings {
  return {
    callTimeoutSeconds: 10,
    retries: 2,
    maxConcurrentCalls: 64,
    maxConcurrentBatchCalls: 8,
    maxWaitingCalls: 2_000,
    breaker: { failurePercent: 50, minimumCalls: 20, windowSeconds: 30, openSeconds: 10 },
    ...settings,
  };
}

import nock from 'nock';

// Importing nock turns it on for the whole process; it is to be on only while a test wants it.
nock.restore();

/** Fakes HTTP for one suite's tests: what no interceptor answers fails. Call inside `describe`. */
export function fakedHttp(): void {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    nock.abortPendingRequests();
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
  });
}

/** The error that a promise fails with. @throws Error when it does not fail, or not with an Error. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the promise was expected to fail with an Error');
}

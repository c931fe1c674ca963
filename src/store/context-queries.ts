/** The SQL of the security contexts, apart from the code that runs it so that a test can ask SQLite for its query plans. */
export const contextQueries = {
  cancel: `
    INSERT INTO cancelled_context (identifier, forget_at) VALUES (@identifier, @forgetAt)
    ON CONFLICT (identifier) DO UPDATE SET forget_at = max(forget_at, excluded.forget_at)`,
  supersede: `
    INSERT INTO superseded_key (identifier, instance, ends_at, forget_at)
    VALUES (@identifier, @instance, @endsAt, @forgetAt)
    ON CONFLICT (identifier, instance) DO NOTHING`,
  stateOf: `
    SELECT
      EXISTS (SELECT 1 FROM cancelled_context WHERE identifier = @identifier) AS cancelled,
      (SELECT ends_at FROM superseded_key WHERE identifier = @identifier AND instance = @instance) AS keyEndsAt`,
  forgetCancelled: `
    DELETE FROM cancelled_context
    WHERE rowid IN (SELECT rowid FROM cancelled_context WHERE forget_at <= ? ORDER BY forget_at LIMIT ?)`,
  forgetSuperseded: `
    DELETE FROM superseded_key
    WHERE rowid IN (SELECT rowid FROM superseded_key WHERE forget_at <= ? ORDER BY forget_at LIMIT ?)`,
} as const;

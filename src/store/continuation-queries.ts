/** The SQL of continuations, apart from the code that runs it so that a test can ask SQLite for its query plans. */
export const continuationQueries = {
  keep: `
    INSERT INTO hl7v2_continuation (name, client_id, query, forget_at, sealed_hits)
    VALUES (@name, @clientId, @query, @forgetAt, @sealedHits)`,
  find: `SELECT sealed_hits FROM hl7v2_continuation WHERE name = @name AND client_id = @clientId AND forget_at > @now`,
  prolong: `UPDATE hl7v2_continuation SET forget_at = @forgetAt WHERE name = @name`,
  endQuery: `DELETE FROM hl7v2_continuation WHERE client_id = @clientId AND query = @query`,
  // Those that would be forgotten first are those that were asked for longest ago.
  forgetBeyond: `
    DELETE FROM hl7v2_continuation
    WHERE name IN (
      SELECT name FROM hl7v2_continuation WHERE client_id = @clientId
      ORDER BY forget_at DESC, name DESC LIMIT -1 OFFSET @most)`,
  forget: `
    DELETE FROM hl7v2_continuation
    WHERE name IN (SELECT name FROM hl7v2_continuation WHERE forget_at <= ? ORDER BY forget_at LIMIT ?)`,
} as const;

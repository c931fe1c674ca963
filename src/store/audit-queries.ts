/** The audit trail's SQL, apart from the code that runs it so that a test can ask SQLite for its query plans. */

const columns =
  'seq, at, correlation_id, client_id, protocol, operation, pseudonym, outcome, kept_source, sealed_detail';

export const auditQueries = {
  /** The number that the next entry gets; asked and used under the write lock, once for all entries of a transaction. */
  nextSeq: `SELECT coalesce(max(seq), 0) + 1 AS next FROM sqlite_sequence WHERE name = 'audit_entry'`,
  /** Takes the columns in their order, which is quicker than by their names; a file has one for each of its rows. */
  insert: `
    INSERT INTO audit_entry (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  entriesAfter: `SELECT ${columns} FROM audit_entry WHERE seq > ? ORDER BY seq LIMIT ?`,
  entriesBySubject: `SELECT ${columns} FROM audit_entry WHERE pseudonym = ? AND seq > ? ORDER BY seq LIMIT ?`,
  purgeBefore: `
    DELETE FROM audit_entry
    WHERE seq IN (SELECT seq FROM audit_entry WHERE at < ? ORDER BY at LIMIT ?)`,
} as const;

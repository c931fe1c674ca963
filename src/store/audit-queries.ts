/** The audit trail's SQL, apart from the code that runs it so that a test can ask SQLite for its query plans. */

const columns =
  'seq, at, correlation_id, client_id, protocol, operation, purpose, pseudonym, outcome, kept_source, sealed_detail, link';

export const auditQueries = {
  /** The last number that was given; asked under the write lock, once for all entries of a transaction. */
  lastSeq: `SELECT coalesce(max(seq), 0) AS seq FROM sqlite_sequence WHERE name = 'audit_entry'`,
  /** Takes the columns in their order, which is quicker than by their names; a file has one for each of its rows. */
  insert: `
    INSERT INTO audit_entry (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  entriesAfter: `SELECT ${columns} FROM audit_entry WHERE seq > ? ORDER BY seq LIMIT ?`,
  entriesBySubject: `SELECT ${columns} FROM audit_entry WHERE pseudonym = ? AND seq > ? ORDER BY seq LIMIT ?`,
  /** Where the entries of a period begin and end; entries are made in nearly the order of their time. */
  span: 'SELECT min(seq) AS first, max(seq) AS last FROM audit_entry WHERE at >= ? AND at < ?',
  /** The index of times bounds what is looked through. */
  ofRequest: `SELECT ${columns} FROM audit_entry WHERE correlation_id = ? AND at >= ? AND at < ? ORDER BY at, seq LIMIT ?`,
  oldest: `
    SELECT seq, at, link FROM audit_entry
    WHERE seq IN (SELECT seq FROM audit_entry WHERE at < ? ORDER BY at LIMIT ?) ORDER BY seq`,
  remove: 'DELETE FROM audit_entry WHERE seq BETWEEN ? AND ?',

  /** Tells whether the head is still the one that this process wrote, at a fifth of what reading all of it costs. */
  sealOfHead: 'SELECT seal FROM audit_chain WHERE id = 1',
  head: 'SELECT begins_after, began_at, seq, link, seal FROM audit_chain WHERE id = 1',
  begin: 'INSERT INTO audit_chain (id, begins_after, began_at, seq, link, seal) VALUES (1, ?, ?, ?, ?, ?)',
  moveHead: 'UPDATE audit_chain SET seq = ?, link = ?, seal = ? WHERE id = 1',

  removedBetween: `
    SELECT first, last, link, made_until, seal FROM audit_removed WHERE last >= ? AND first <= ? ORDER BY first`,
  addRemoved:
    'INSERT OR REPLACE INTO audit_removed (first, last, link, made_until, seal) VALUES (?, ?, ?, ?, ?)',
  dropRemoved: 'DELETE FROM audit_removed WHERE first = ?',
} as const;

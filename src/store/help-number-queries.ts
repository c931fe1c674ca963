/** The SQL of the register of help numbers, apart from the code that runs it so that a test can ask SQLite for its query plans. */
export const helpNumberQueries = {
  keyCheck: 'SELECT key_check AS keyCheck FROM help_number_key WHERE id = 1',
  insertKeyCheck: 'INSERT INTO help_number_key (id, key_check) VALUES (1, ?)',

  idOf: 'SELECT id FROM help_number WHERE pseudonym = ?',
  /** The numbers' pseudonyms in JSON. */
  findAll: `
    SELECT n.pseudonym, n.sealed_person AS sealedPerson, l.seq, l.sealed_survivor AS sealedSurvivor
    FROM help_number n LEFT JOIN help_number_link l ON l.superseded = n.id
    WHERE n.pseudonym IN (SELECT value FROM json_each(?))`,
  insert: `
    INSERT INTO help_number (pseudonym, sealed_person) VALUES (@pseudonym, @sealedPerson)
    ON CONFLICT (pseudonym) DO NOTHING`,
  replace: 'UPDATE help_number SET sealed_person = @sealedPerson WHERE id = @id',

  anyLink: 'SELECT 1 FROM help_number_link LIMIT 1',
  /** The same of the survivors. */
  supersededByEach: `
    SELECT l.survivor, n.pseudonym, n.sealed_person AS sealedPerson
    FROM help_number_link l JOIN help_number n ON n.id = l.superseded
    WHERE l.survivor IN (SELECT value FROM json_each(?)) ORDER BY l.seq DESC`,
  nextLink: `SELECT coalesce(max(seq), 0) + 1 AS next FROM sqlite_sequence WHERE name = 'help_number_link'`,
  link: `
    INSERT INTO help_number_link (seq, superseded, survivor, sealed_survivor)
    VALUES (@seq, @superseded, @survivor, @sealedSurvivor)`,
  unlink: 'DELETE FROM help_number_link WHERE superseded = ?',

  addTrait: 'INSERT OR IGNORE INTO help_number_trait (bucket, number) VALUES (?, ?)',
  dropTraits: 'DELETE FROM help_number_trait WHERE number = ?',

  answerTo: `
    SELECT content, sealed_answer AS sealedAnswer FROM help_number_request
    WHERE client_id = @clientId AND message = @message`,
  remember: `
    INSERT INTO help_number_request (client_id, message, content, sealed_answer)
    VALUES (@clientId, @message, @content, @sealedAnswer)`,

  nextChange: `SELECT coalesce(max(seq), 0) + 1 AS next FROM sqlite_sequence WHERE name = 'help_number_change'`,
  insertChange: `
    INSERT INTO help_number_change (seq, at, correlation_id, client_id, operation, pseudonym, sealed_detail)
    VALUES (@seq, @at, @correlationId, @clientId, @operation, @pseudonym, @sealedDetail)`,
  history: `
    SELECT seq, at, correlation_id AS correlationId, client_id AS clientId, operation, sealed_detail AS sealedDetail
    FROM help_number_change WHERE pseudonym = ? AND seq > ? ORDER BY seq LIMIT ?`,
} as const;

/**
 * People who are not superseded, page by page.
 * @param criteria how many lists of buckets, each as JSON, a person has to be in
 */
export function peopleQuery(criteria: number): string {
  const narrowed = Array.from(
    { length: criteria },
    () =>
      'AND n.id IN (SELECT number FROM help_number_trait WHERE bucket IN (SELECT value FROM json_each(?)))',
  );
  return `
    SELECT n.id, n.pseudonym, n.sealed_person AS sealedPerson FROM help_number n
    WHERE n.id > ? ${narrowed.join(' ')}
      AND NOT EXISTS (SELECT 1 FROM help_number_link l WHERE l.superseded = n.id)
    ORDER BY n.id LIMIT ?`;
}

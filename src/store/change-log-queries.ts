/** The SQL of the log of changes, apart from the code that runs it so that a test can ask SQLite for its query plans. */

/** Of one feed, seen from a time on and before another. */
const within = 'feed = @feed AND seen_at >= @from AND seen_at < @to';
// The conditions are those of the indexes, word for word: SQLite takes an index only for what it can prove.
const concerns = { 1: 'concern > 0', 2: 'concern = 2' } as const;

function count(concern: 1 | 2): string {
  return `
    SELECT count(*) FROM (
      SELECT DISTINCT person FROM followed_event WHERE ${within} AND ${concerns[concern]} LIMIT @most)`;
}

function people(concern: 1 | 2): string {
  return `
    SELECT p.pseudonym, p.sealed_person AS sealedPerson
    FROM (
      SELECT person, max(sequence) AS last FROM followed_event WHERE ${within} AND ${concerns[concern]}
      GROUP BY person) e
    JOIN followed_person p ON p.id = e.person
    ORDER BY e.last`;
}

export const changeLogQueries = {
  state: `
    SELECT feed, next, newest, answers_from AS answersFrom, caught_up_at AS caughtUpAt, last_seen AS lastSeen, follower
    FROM event_follower WHERE id = 1`,
  take: `
    UPDATE event_follower SET follower = @follower, held_until = @until
    WHERE id = 1 AND (follower IS NULL OR follower = @follower OR held_until <= @now)`,
  release: 'UPDATE event_follower SET follower = NULL, held_until = 0 WHERE id = 1 AND follower = ?',
  begin: `
    UPDATE event_follower
    SET feed = feed + 1, next = @next, newest = @next - 1, answers_from = @at, caught_up_at = @at, last_seen = @at
    WHERE id = 1 AND follower = @follower`,
  advance: `
    UPDATE event_follower SET next = @next, newest = max(newest, @next - 1), last_seen = @seenAt WHERE id = 1`,
  note: `
    UPDATE event_follower SET newest = @newest, caught_up_at = coalesce(@caughtUpAt, caught_up_at)
    WHERE id = 1 AND follower = @follower`,
  /** What is deleted is not told of any more, from before its deletion on. */
  answerFrom: `
    UPDATE event_follower SET answers_from = ? WHERE id = 1 AND answers_from < ?`,

  findPerson: `
    SELECT id, sealed_person AS sealedPerson, last_seen AS lastSeen FROM followed_person WHERE pseudonym = ?`,
  addPerson: `
    INSERT INTO followed_person (pseudonym, sealed_person, last_seen) VALUES (@pseudonym, @sealedPerson, @seenAt)`,
  changePerson:
    'UPDATE followed_person SET sealed_person = @sealedPerson, last_seen = @seenAt WHERE id = @id',
  findType: 'SELECT id FROM event_type WHERE name = ?',
  addType: 'INSERT INTO event_type (name) VALUES (?)',
  addEvent: `
    INSERT OR IGNORE INTO followed_event (feed, sequence, seen_at, person, type, concern)
    VALUES (@feed, @sequence, @seenAt, @person, @type, @concern)`,

  count,
  people,
  /** A person who is not found is told, too: nobody is passed over in silence. */
  since: `
    SELECT e.sequence, e.person, p.pseudonym, p.sealed_person AS sealedPerson
    FROM followed_event e LEFT JOIN followed_person p ON p.id = e.person
    WHERE e.feed = @feed AND e.sequence >= @next ORDER BY e.sequence LIMIT @limit`,
  events: `
    SELECT e.sequence, t.name AS type, p.pseudonym, p.sealed_person AS sealedPerson
    FROM followed_event e
    JOIN event_type t ON t.id = e.type
    LEFT JOIN followed_person p ON p.id = e.person
    WHERE e.feed = @feed AND e.sequence >= @next ORDER BY e.sequence LIMIT @limit`,

  /** Events are seen in the order of their numbers, so that the oldest are the first. */
  purgeEvents: `
    DELETE FROM followed_event WHERE (feed, sequence) IN (
      SELECT feed, sequence FROM (SELECT feed, sequence, seen_at FROM followed_event ORDER BY feed, sequence LIMIT @limit)
      WHERE seen_at < @before)`,
  purgePeople: `
    DELETE FROM followed_person
    WHERE id IN (SELECT id FROM followed_person WHERE last_seen < @before ORDER BY last_seen LIMIT @limit)`,
} as const;

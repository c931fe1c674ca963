/** The SQL of subscriptions and of what is to be sent, apart from the code that runs it so that a test can ask for query plans. */

const isHeld = `EXISTS (
      SELECT 1 FROM notification_receiver r
      WHERE r.receiver = notification.receiver AND r.holder = @sender AND r.held_until > @now)`;

/** Of nobody else is anything told, whatever was planned while they were followed. */
const isFollowed = (table: string): string => `EXISTS (
        SELECT 1 FROM notification_subscription f WHERE f.receiver = ${table}.receiver AND f.number = ${table}.number)`;

/** A question whether a number gave way after all (`number-again`, `number-last`): before it is sent anything, nothing waits for it. */
const isMereQuestion = (table: string): string =>
  `${table}.kind IN ('number-again', 'number-last') AND ${table}.attempts = 0`;

const isNext = `n.receiver = @receiver AND n.state = 'waiting' AND n.due_at <= @now
      AND ${isFollowed('n')}
      AND NOT EXISTS (
        SELECT 1 FROM notification e
        WHERE e.receiver = n.receiver AND e.number = n.number AND e.id < n.id AND e.state = 'waiting'
          AND NOT (${isMereQuestion('e')}))
      AND NOT EXISTS (
        SELECT 1 FROM notification e
        WHERE e.receiver = n.receiver AND e.person = n.person AND e.id < n.id AND e.state = 'waiting'
          AND NOT (${isMereQuestion('e')}))`;

const view = `
    SELECT id, receiver, number AS digest, sealed_number AS sealedNumber, kind, control_id AS controlId, state, queued_at AS queuedAt,
      due_at AS dueAt, attempts, sent_as AS sentAs, problem, died_at AS diedAt, seen_at AS seenAt
    FROM notification`;

export const subscriptionQueries = {
  newest: 'SELECT max(renewed_at) FROM notification_subscription WHERE receiver = ?',
  find: `
    SELECT renewed_at AS renewedAt FROM notification_subscription WHERE receiver = @receiver AND number = @number`,
  add: `
    INSERT OR IGNORE INTO notification_subscription (receiver, number, sealed_number, ask_at, source, renewed_at)
    VALUES (@receiver, @number, @sealedNumber, @now, @source, @now)`,
  /** Whoever is on a list stays there, however often they are looked up. */
  renew: `
    UPDATE notification_subscription SET renewed_at = @now WHERE receiver = @receiver AND number = @number`,
  list: `
    UPDATE notification_subscription
    SET sealed_number = @sealedNumber, renewed_at = @now, source = 'file', gave_way = CASE WHEN @anew = 1 THEN 0 ELSE gave_way END
    WHERE receiver = @receiver AND number = @number`,
  dropBefore: `
    DELETE FROM notification_subscription WHERE id IN (
      SELECT id FROM notification_subscription WHERE receiver = @receiver AND renewed_at < @before LIMIT @limit)
    RETURNING receiver, number`,
  clear: `
    DELETE FROM notification_subscription
    WHERE id IN (SELECT id FROM notification_subscription WHERE receiver = @receiver LIMIT @limit)
    RETURNING receiver, number`,
  counts: `
    SELECT receiver, count(*) AS "all", count(*) FILTER (WHERE source = 'file') AS byFile,
      count(*) FILTER (WHERE source = 'lookup') AS byLookup, count(*) FILTER (WHERE source = 'follow') AS byFollowing,
      count(*) FILTER (WHERE gave_way = 1) AS gaveWay, count(person) AS known
    FROM notification_subscription GROUP BY receiver ORDER BY receiver`,
  toAskAbout: `
    SELECT number, sealed_number AS sealedNumber FROM notification_subscription
    WHERE receiver = @receiver AND ask_at <= @now ORDER BY ask_at LIMIT @limit`,
  tellReference: `
    UPDATE notification_subscription SET person = coalesce(@person, person), ask_at = @askAt
    WHERE receiver = @receiver AND number = @number`,
  forget: `
    DELETE FROM notification_subscription WHERE id IN (
      SELECT id FROM notification_subscription WHERE source = 'lookup' AND renewed_at < @before LIMIT @limit)
    RETURNING receiver, number`,

  followers: `
    SELECT id, receiver, number, sealed_number AS sealedNumber, gave_way AS gaveWay FROM notification_subscription
    WHERE person = @person OR number = @number ORDER BY id`,
  learn: 'UPDATE notification_subscription SET person = @person WHERE number = @number',
  askAgain: 'UPDATE notification_subscription SET ask_at = @now WHERE id = @id',
  standAgain: 'UPDATE notification_subscription SET gave_way = 0 WHERE id = @id',
  giveWay:
    'UPDATE notification_subscription SET gave_way = 1 WHERE receiver = @receiver AND number = @number',
  follow: `
    INSERT INTO notification_subscription (receiver, number, sealed_number, ask_at, source, renewed_at)
    VALUES (@receiver, @number, @sealedNumber, @now, 'follow', @now)
    ON CONFLICT (receiver, number) DO UPDATE SET gave_way = 0`,
} as const;

export const notificationQueries = {
  place: 'SELECT feed, next, at FROM notification_place WHERE id = 1',
  move: 'INSERT OR REPLACE INTO notification_place (id, feed, next, at) VALUES (1, @feed, @next, @at)',

  openOne: 'SELECT id, kind FROM notification WHERE receiver = @receiver AND number = @number AND open = 1',
  tellToo: 'UPDATE notification SET kind = @kind, person = @person WHERE id = @id',
  add: `
    INSERT INTO notification (receiver, number, sealed_number, person, kind, control_id, state, open, queued_at, due_at)
    VALUES (@receiver, @number, @sealedNumber, @person, @kind, @controlId, 'waiting', 1, @now, @now)`,
  addDead: `
    INSERT INTO notification (receiver, number, sealed_number, person, kind, control_id, state, open, queued_at, due_at,
      problem, died_at)
    VALUES (@receiver, @number, @sealedNumber, @person, @kind, @controlId, 'dead', 0, @now, @now, @problem, @now)`,

  take: `
    INSERT INTO notification_receiver (receiver, holder, held_until) VALUES (@receiver, @sender, @until)
    ON CONFLICT (receiver) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE holder IS NULL OR holder = excluded.holder OR held_until <= @now`,
  release: `
    UPDATE notification_receiver SET holder = NULL, held_until = 0 WHERE receiver = @receiver AND holder = @sender`,
  holds: `
    SELECT count(*) FROM notification_receiver WHERE receiver = @receiver AND holder = @sender AND held_until > @now`,
  due: `
    SELECT n.id, n.receiver, n.number, n.sealed_number AS sealedNumber, n.kind, n.queued_at AS queuedAt, n.attempts, n.failures, n.failing_since AS failingSince,
      EXISTS (
        SELECT 1 FROM notification d
        WHERE d.receiver = n.receiver AND d.number = n.number AND d.state = 'dead' AND d.sent_as = 'A40'
      ) OR EXISTS (
        SELECT 1 FROM notification_subscription s
        WHERE s.receiver = n.receiver AND s.number = n.number AND s.gave_way = 1
      ) AS mergerSettled
    FROM notification n
    WHERE ${isNext}
    ORDER BY n.due_at, n.id LIMIT 1`,
  hasDue: `SELECT EXISTS (SELECT 1 FROM notification n WHERE ${isNext})`,
  close: 'UPDATE notification SET open = 0 WHERE id = ?',
  sending: `
    UPDATE notification
    SET attempts = attempts + 1, sent_as = @trigger,
      control_id = CASE WHEN coalesce(sent_as, @trigger) = @trigger THEN control_id ELSE @otherId END
    WHERE id = @id AND state = 'waiting' AND ${isHeld}
    RETURNING receiver, control_id AS controlId`,
  find: 'SELECT receiver, number FROM notification WHERE id = ?',
  remove: 'DELETE FROM notification WHERE id = ?',
  discard: "DELETE FROM notification WHERE id = ? AND state = 'dead'",
  /** Who is not followed any more is not told of either. */
  unqueue: "DELETE FROM notification WHERE receiver = @receiver AND number = @number AND state = 'waiting'",
  postpone: `
    UPDATE notification SET due_at = @due, failures = failures + 1, failing_since = coalesce(failing_since, @now),
      problem = @problem
    WHERE id = @id AND state = 'waiting'`,
  putOff: `UPDATE notification SET due_at = @due WHERE id = @id AND state = 'waiting'`,
  /** Nothing was sent, so that it may tell what happens meanwhile; unless another one does already. */
  openAgain: `
    UPDATE OR IGNORE notification SET open = 1
    WHERE id = @id AND attempts = 0 AND NOT (${isMereQuestion('notification')})`,
  lookAgain: `
    UPDATE notification SET kind = @kind, control_id = @controlId, open = 0, due_at = @due, attempts = 0, failures = 0,
      failing_since = NULL, sent_as = NULL, problem = NULL
    WHERE id = @id AND state = 'waiting'`,
  endQuestions: `
    DELETE FROM notification
    WHERE receiver = @receiver AND number = @number AND id != @id AND state = 'waiting' AND ${isMereQuestion('notification')}`,
  bury: `
    UPDATE notification SET state = 'dead', open = 0, problem = @problem, died_at = @now, seen_at = NULL
    WHERE id = @id AND state = 'waiting'`,
  markFailing: `
    UPDATE notification SET failing_since = @now WHERE receiver = @receiver AND state = 'waiting' AND failing_since IS NULL`,
  failing: `
    SELECT id FROM notification
    WHERE receiver = @receiver AND state = 'waiting' AND failing_since <= @since ORDER BY id LIMIT @limit`,
  markReachable: `
    UPDATE notification SET failing_since = NULL
    WHERE receiver = @receiver AND state = 'waiting' AND failures = 0 AND failing_since IS NOT NULL`,
  countWaiting: `
    SELECT receiver, count(*) AS waiting, count(*) FILTER (WHERE failures > 0) AS failing, min(queued_at) AS oldest
    FROM notification WHERE state = 'waiting' AND NOT (${isMereQuestion('notification')}) GROUP BY receiver`,
  /** By receiver, but not in the order of an index by receiver: that would look at all that waits. */
  countDead: `
    SELECT receiver, count(*) AS dead, count(*) FILTER (WHERE seen_at IS NULL) AS unseen
    FROM notification WHERE state = 'dead' GROUP BY +receiver`,

  waiting: `${view} WHERE state = 'waiting' AND (@receiver IS NULL OR receiver = @receiver) ORDER BY id LIMIT @limit`,
  dead: `
    ${view} WHERE state = 'dead' AND (@receiver IS NULL OR receiver = @receiver) ORDER BY died_at DESC, id DESC LIMIT @limit`,
  byId: `${view} WHERE id = ?`,
  see: `UPDATE notification SET seen_at = @now WHERE id = @id AND state = 'dead' AND seen_at IS NULL`,
  retry: `
    UPDATE notification SET state = 'waiting', due_at = @now, failures = 0, failing_since = NULL, problem = NULL,
      died_at = NULL, seen_at = NULL
    WHERE id = @id AND state = 'dead' AND kind != 'split' AND ${isFollowed('notification')}`,
  forget: `
    DELETE FROM notification WHERE id IN (
      SELECT id FROM notification WHERE state = 'dead' AND died_at < @before AND seen_at IS NOT NULL LIMIT @limit)`,
  forgetOthers: `
    DELETE FROM notification WHERE id IN (
      SELECT id FROM notification
      WHERE state = 'waiting' AND queued_at < @before AND receiver NOT IN (SELECT value FROM json_each(@receivers))
      LIMIT @limit)`,
} as const;

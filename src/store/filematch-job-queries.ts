const columns = 'id, client_id, door, state, over, accepted_at, over_at, hold, sealed_record';

/** What is not asked for is null. */
const isListed = '(@state IS NULL OR state = @state) AND (@exceptDoor IS NULL OR door <> @exceptDoor)';

/** The SQL of Filematch jobs, apart from the code that runs it so that a test can ask SQLite for its query plans. */
export const filematchJobQueries = {
  sameContent: `
    SELECT id FROM filematch_job
    WHERE content = ? AND state NOT IN ('REJECTED', 'FAILED')
    ORDER BY accepted_at DESC LIMIT 1`,
  add: `
    INSERT INTO filematch_job (id, client_id, door, state, over, accepted_at, over_at, content, sealed_record)
    VALUES (@id, @clientId, @door, @state, @over, @acceptedAt, @overAt, @content, @sealedRecord)`,
  byId: `SELECT ${columns} FROM filematch_job WHERE id = ?`,
  all: `SELECT ${columns} FROM filematch_job WHERE ${isListed} ORDER BY accepted_at DESC, id DESC LIMIT @limit`,
  allOfClient: `
    SELECT ${columns} FROM filematch_job
    WHERE client_id = @clientId AND ${isListed} ORDER BY accepted_at DESC, id DESC LIMIT @limit`,
  toDo: `
    SELECT ${columns} FROM filematch_job WHERE over = 0 AND ${isListed} ORDER BY accepted_at, id LIMIT @limit`,
  // Told which index to use, or it would look through all that the client ever brought.
  toDoOfClient: `
    SELECT ${columns} FROM filematch_job INDEXED BY filematch_job_to_do
    WHERE over = 0 AND client_id = @clientId AND ${isListed} ORDER BY accepted_at, id LIMIT @limit`,
  done: `
    SELECT ${columns} FROM filematch_job
    WHERE over = 1 AND ${isListed} ORDER BY accepted_at DESC, id DESC LIMIT @limit`,
  doneOfClient: `
    SELECT ${columns} FROM filematch_job
    WHERE over = 1 AND client_id = @clientId AND ${isListed} ORDER BY accepted_at DESC, id DESC LIMIT @limit`,
  overBefore: `
    SELECT ${columns} FROM filematch_job WHERE over = 1 AND over_at < ? ORDER BY over_at LIMIT ? OFFSET ?`,
  save: `
    UPDATE filematch_job SET state = @state, over = @over, over_at = @overAt, sealed_record = @sealedRecord
    WHERE id = @id AND client_id = @clientId`,
  setHold: `
    UPDATE filematch_job SET hold = @hold
    WHERE id = @id AND state NOT IN ('COMPLETED', 'REJECTED', 'FAILED') AND hold IS NOT 'cancelled'`,
  remove: `DELETE FROM filematch_job WHERE id = ?`,
} as const;

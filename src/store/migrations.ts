import type BetterSqlite3 from 'better-sqlite3';

/** One step of the schema. Appended, never edited: databases in the field have run it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The schema's history; a database that has run the first n has `user_version` n. */
export const migrations: readonly Migration[] = [
  {
    name: 'audit trail',
    sql: `
      CREATE TABLE audit_entry (
        -- AUTOINCREMENT: a number never comes back after a purge, so a gap always means a missing entry.
        seq            INTEGER PRIMARY KEY AUTOINCREMENT,
        at             TEXT NOT NULL, -- ISO 8601 in UTC with milliseconds: sorts as text
        correlation_id TEXT NOT NULL,
        client_id      TEXT,
        protocol       TEXT NOT NULL,
        operation      TEXT,
        pseudonym      TEXT,
        outcome        TEXT NOT NULL,
        sealed_detail  BLOB NOT NULL
      ) STRICT;

      -- "Who has looked this person up?" reads a handful of rows out of millions. Entries without a person are left out.
      CREATE INDEX audit_entry_by_pseudonym ON audit_entry (pseudonym) WHERE pseudonym IS NOT NULL;

      -- The daily purge finds the oldest entries without reading those it keeps.
      CREATE INDEX audit_entry_by_time ON audit_entry (at);

      -- One row, rewritten by the readiness check to prove that the store takes writes.
      CREATE TABLE probe (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        at TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'security contexts',
    sql: `
      -- A context token is good until it ends by itself, unless it stands here. Rows go when the token would have ended.
      CREATE TABLE cancelled_context (
        identifier TEXT PRIMARY KEY,
        forget_at  TEXT NOT NULL -- ISO 8601 in UTC with milliseconds
      ) STRICT;
      CREATE INDEX cancelled_context_by_time ON cancelled_context (forget_at);

      CREATE TABLE superseded_key (
        identifier TEXT NOT NULL,
        instance   TEXT NOT NULL, -- empty for the key that the context was issued with
        ends_at    TEXT NOT NULL,
        forget_at  TEXT NOT NULL,
        PRIMARY KEY (identifier, instance)
      ) STRICT;
      CREATE INDEX superseded_key_by_time ON superseded_key (forget_at);
    `,
  },
  {
    name: 'used nonces',
    sql: `
      -- A password digest is good once, until it is too old to be accepted. Rows go when it is.
      CREATE TABLE used_nonce (
        user      BLOB NOT NULL, -- SHA-256 of the user name
        nonce     BLOB NOT NULL, -- SHA-256 of the nonce
        forget_at TEXT NOT NULL, -- ISO 8601 in UTC with milliseconds
        PRIMARY KEY (user, nonce)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX used_nonce_by_time ON used_nonce (forget_at);

      -- Counting a busy user's rows anew under every request would take longer than the request.
      CREATE TABLE nonces_alive (
        user  BLOB PRIMARY KEY,
        alive INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER nonce_used AFTER INSERT ON used_nonce BEGIN
        INSERT INTO nonces_alive (user, alive) VALUES (new.user, 1)
        ON CONFLICT (user) DO UPDATE SET alive = alive + 1;
      END;
      CREATE TRIGGER nonce_forgotten AFTER DELETE ON used_nonce BEGIN
        UPDATE nonces_alive SET alive = alive - 1 WHERE user = old.user;
      END;
    `,
  },
  {
    name: 'help numbers',
    sql: `
      -- Never deleted from: a number that was given out is never given out again. Uniqueness decides races.
      CREATE TABLE help_number (
        id            INTEGER PRIMARY KEY, -- in the order of giving out
        pseudonym     TEXT NOT NULL UNIQUE,
        sealed_person BLOB NOT NULL
      ) STRICT;

      -- Proof of the key behind the pseudonyms: under another one every number would seem free.
      CREATE TABLE help_number_key (
        id        INTEGER PRIMARY KEY CHECK (id = 1),
        key_check TEXT NOT NULL
      ) STRICT;

      CREATE TABLE help_number_link (
        seq             INTEGER PRIMARY KEY AUTOINCREMENT, -- the last one linked has the highest
        superseded      INTEGER NOT NULL UNIQUE REFERENCES help_number (id),
        survivor        TEXT NOT NULL, -- the pseudonym of a number that need not be from here
        sealed_survivor BLOB NOT NULL
      ) STRICT;

      -- "Whom does this number answer for?" is asked for everybody who is shown.
      CREATE INDEX help_number_link_by_survivor ON help_number_link (survivor);

      -- Searches open the few people who share a trait with whom is sought, out of all.
      CREATE TABLE help_number_trait (
        bucket INTEGER NOT NULL, -- twelve bits of a keyed digest
        number INTEGER NOT NULL REFERENCES help_number (id),
        PRIMARY KEY (bucket, number)
      ) STRICT, WITHOUT ROWID;

      -- A revision takes the old traits of one person away.
      CREATE INDEX help_number_trait_by_number ON help_number_trait (number);

      -- What messages were answered, so that a repeated one changes nothing.
      CREATE TABLE help_number_request (
        client_id     TEXT NOT NULL,
        message       TEXT NOT NULL, -- keyed digest of the message id
        content       TEXT NOT NULL, -- keyed digest of what was asked
        sealed_answer BLOB NOT NULL,
        PRIMARY KEY (client_id, message)
      ) STRICT, WITHOUT ROWID;

      -- Who changed what, when, from what to what.
      CREATE TABLE help_number_change (
        seq            INTEGER PRIMARY KEY AUTOINCREMENT,
        at             TEXT NOT NULL, -- ISO 8601 in UTC with milliseconds
        correlation_id TEXT NOT NULL,
        client_id      TEXT NOT NULL,
        operation      TEXT NOT NULL,
        pseudonym      TEXT NOT NULL,
        sealed_detail  BLOB NOT NULL
      ) STRICT;
      CREATE INDEX help_number_change_by_pseudonym ON help_number_change (pseudonym);
    `,
  },
  {
    name: 'log of changes',
    sql: `
      -- Times of this step are milliseconds since 1970: there may be hundreds of millions of rows.
      CREATE TABLE event_follower (
        id           INTEGER PRIMARY KEY CHECK (id = 1),
        follower     TEXT,                        -- who has the log at present
        held_until   INTEGER NOT NULL DEFAULT 0,
        feed         INTEGER NOT NULL DEFAULT 0,  -- counts how often the log was begun
        next         INTEGER,                     -- the number that is read next
        newest       INTEGER,                     -- the newest number that the feed was seen to have
        answers_from INTEGER NOT NULL DEFAULT 0,
        caught_up_at INTEGER,
        last_seen    INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      INSERT INTO event_follower (id) VALUES (1);

      CREATE TABLE event_type (
        id   INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
      ) STRICT;

      CREATE TABLE followed_person (
        id            INTEGER PRIMARY KEY,
        pseudonym     BLOB NOT NULL UNIQUE, -- keyed digest of the person id
        sealed_person BLOB NOT NULL,
        last_seen     INTEGER NOT NULL      -- up to a day too early
      ) STRICT;
      -- Retention finds those whom no event tells of any more.
      CREATE INDEX followed_person_by_time ON followed_person (last_seen);

      -- Without references: SQLite would look through all events for each person that retention takes away.
      CREATE TABLE followed_event (
        feed     INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        seen_at  INTEGER NOT NULL,
        person   INTEGER NOT NULL,
        type     INTEGER NOT NULL,
        concern  INTEGER NOT NULL, -- 0 nothing of PREG's, 1 the record, 2 a number too
        PRIMARY KEY (feed, sequence)
      ) STRICT, WITHOUT ROWID;
      -- "Who changed between then and then?" reads nothing but the index, and "whose number?" the few that tell of one.
      CREATE INDEX followed_event_of_record ON followed_event (feed, seen_at, person) WHERE concern > 0;
      CREATE INDEX followed_event_of_number ON followed_event (feed, seen_at, person) WHERE concern = 2;
    `,
  },
  {
    name: 'answers from memory',
    sql: `
      -- cache or stale-cache; null for what came straight from the register.
      ALTER TABLE audit_entry ADD COLUMN kept_source TEXT;
    `,
  },
  {
    name: 'filematch jobs',
    sql: `
      -- What a job says is sealed; the other columns are there to find it by. Times are ISO 8601 in UTC with milliseconds.
      CREATE TABLE filematch_job (
        id            TEXT PRIMARY KEY, -- ULID
        client_id     TEXT NOT NULL,
        door          TEXT NOT NULL,
        state         TEXT NOT NULL,
        over          INTEGER NOT NULL CHECK (over IN (0, 1)),
        accepted_at   TEXT NOT NULL,
        over_at       TEXT,
        hold          TEXT,
        content       BLOB NOT NULL, -- keyed digest of the client and of the file's digest
        sealed_record BLOB NOT NULL
      ) STRICT;

      -- "Has the client brought this file before?" is asked for each file.
      CREATE INDEX filematch_job_by_content ON filematch_job (content, accepted_at);

      CREATE INDEX filematch_job_by_time ON filematch_job (accepted_at, id);
      CREATE INDEX filematch_job_by_client ON filematch_job (client_id, accepted_at, id);

      -- What is left to do is little, whatever has been done; retention asks for the oldest of what has been done.
      CREATE INDEX filematch_job_to_do ON filematch_job (accepted_at, id) WHERE over = 0;
      CREATE INDEX filematch_job_done ON filematch_job (over_at) WHERE over = 1;
    `,
  },
  {
    name: 'the name of the installation',
    sql: `
      -- What tells this store from others, for who shares a place with them.
      CREATE TABLE installation (
        one  INTEGER PRIMARY KEY CHECK (one = 1),
        name TEXT NOT NULL -- 16 of 0-9a-f
      ) STRICT;

      INSERT INTO installation (one, name) VALUES (1, lower(hex(randomblob(8))));
    `,
  },
  {
    name: 'notifications',
    sql: `
      -- Whom receivers follow. Times of this step are milliseconds since 1970.
      CREATE TABLE notification_subscription (
        id            INTEGER PRIMARY KEY,
        receiver      TEXT NOT NULL,
        number        BLOB NOT NULL,              -- keyed digest
        sealed_number BLOB NOT NULL,
        person        BLOB,                       -- keyed digest of the person id, once it is known
        ask_at        INTEGER,                    -- when the person id is to be asked for
        source        TEXT NOT NULL,              -- file, lookup, or follow: who took the place of one on the list
        gave_way      INTEGER NOT NULL DEFAULT 0, -- whether the receiver was told of the number in its place
        renewed_at    INTEGER NOT NULL,
        UNIQUE (receiver, number)
      ) STRICT;
      -- "Who follows this person?" is asked for each event of the feed.
      CREATE INDEX notification_subscription_by_number ON notification_subscription (number);
      CREATE INDEX notification_subscription_by_person ON notification_subscription (person) WHERE person IS NOT NULL;
      CREATE INDEX notification_subscription_to_ask ON notification_subscription (receiver, ask_at)
        WHERE ask_at IS NOT NULL;
      -- Retention finds those that nobody renewed.
      CREATE INDEX notification_subscription_by_time ON notification_subscription (renewed_at) WHERE source = 'lookup';

      -- What is to be sent, and what could not be. Says who and what kind; what is sent is looked up when it is sent.
      CREATE TABLE notification (
        id            INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of the register
        receiver      TEXT NOT NULL,
        number        BLOB NOT NULL,
        sealed_number BLOB NOT NULL,
        person        BLOB NOT NULL,
        kind          TEXT NOT NULL,
        control_id    TEXT NOT NULL UNIQUE,
        state         TEXT NOT NULL CHECK (state IN ('waiting', 'dead')),
        open          INTEGER NOT NULL, -- whether it tells what is seen from now on, too
        queued_at     INTEGER NOT NULL,
        due_at        INTEGER NOT NULL,
        attempts      INTEGER NOT NULL DEFAULT 0,
        failures      INTEGER NOT NULL DEFAULT 0,
        failing_since INTEGER,
        sent_as       TEXT, -- what was sent the last time, such as A31
        problem       TEXT,
        died_at       INTEGER,
        seen_at       INTEGER
      ) STRICT;
      -- One message tells all that happened before it is sent.
      CREATE UNIQUE INDEX notification_open ON notification (receiver, number) WHERE open = 1;
      CREATE INDEX notification_due ON notification (receiver, due_at, id) WHERE state = 'waiting';
      -- Nobody is overtaken by what happened to them later.
      CREATE INDEX notification_of_number ON notification (receiver, number, id);
      CREATE INDEX notification_of_person ON notification (receiver, person, id);
      CREATE INDEX notification_dead ON notification (died_at) WHERE state = 'dead';

      -- Who sends to a receiver at present.
      CREATE TABLE notification_receiver (
        receiver   TEXT PRIMARY KEY,
        holder     TEXT,
        held_until INTEGER NOT NULL DEFAULT 0
      ) STRICT;

      -- How far the log of changes was looked through.
      CREATE TABLE notification_place (
        id   INTEGER PRIMARY KEY CHECK (id = 1),
        feed INTEGER NOT NULL,
        next INTEGER NOT NULL,
        at   INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'continuations of HL7 v2',
    sql: `
      -- The hits of a search that its client may ask for more of. Rows go when their time has come.
      CREATE TABLE hl7v2_continuation (
        name        TEXT PRIMARY KEY, -- random
        client_id   TEXT NOT NULL,
        query       BLOB NOT NULL, -- keyed digest of client and query tag
        forget_at   TEXT NOT NULL, -- ISO 8601 in UTC with milliseconds; later each time that it is asked for
        sealed_hits BLOB NOT NULL
      ) STRICT;
      -- A client has so many at most: those that were asked for longest ago go first.
      CREATE INDEX hl7v2_continuation_by_client ON hl7v2_continuation (client_id, forget_at, name);
      CREATE INDEX hl7v2_continuation_by_query ON hl7v2_continuation (client_id, query);
      CREATE INDEX hl7v2_continuation_by_time ON hl7v2_continuation (forget_at);
    `,
  },
  {
    name: 'cutover',
    sql: `
      -- Routes that were set while the adapter ran; an empty text means any. Times of this step are milliseconds since 1970,
      -- days are such times in days, in UTC.
      CREATE TABLE cutover_route (
        client_id TEXT NOT NULL,
        protocol  TEXT NOT NULL,
        operation TEXT NOT NULL,
        set_by    TEXT NOT NULL CHECK (set_by IN ('operator', 'guard')),
        route     TEXT NOT NULL,
        percent   INTEGER,
        at        INTEGER NOT NULL,
        reason    TEXT,
        PRIMARY KEY (client_id, protocol, operation, set_by)
      ) STRICT, WITHOUT ROWID;

      -- Questions to which the registers said different things, or one of them nothing. Where they agreed is counted alone.
      CREATE TABLE comparison (
        id                           INTEGER PRIMARY KEY AUTOINCREMENT, -- never again, so that no sealed value fits another row
        at                           INTEGER NOT NULL,
        correlation_id               TEXT NOT NULL,
        client_id                    TEXT NOT NULL,
        protocol                     TEXT,
        operation                    TEXT,
        route                        TEXT NOT NULL,
        answered_by                  TEXT NOT NULL,
        pseudonym                    TEXT, -- null for a search
        verdict                      TEXT NOT NULL CHECK (verdict IN ('expected', 'unexplained', 'failed')),
        preg_outcome                 TEXT NOT NULL,
        preg_milliseconds            INTEGER NOT NULL,
        persontjenesten_outcome      TEXT NOT NULL,
        persontjenesten_milliseconds INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX comparison_by_client ON comparison (client_id, verdict, id);
      CREATE INDEX comparison_by_time ON comparison (at);

      CREATE TABLE comparison_difference (
        comparison           INTEGER NOT NULL,
        position             INTEGER NOT NULL,
        field                TEXT NOT NULL,
        identity             INTEGER NOT NULL CHECK (identity IN (0, 1)),
        class                TEXT NOT NULL,
        reason               TEXT,
        preg_kind            TEXT NOT NULL,
        persontjenesten_kind TEXT NOT NULL,
        PRIMARY KEY (comparison, position)
      ) STRICT, WITHOUT ROWID;

      -- Apart from the differences, since they go much earlier.
      CREATE TABLE comparison_value (
        comparison    INTEGER NOT NULL,
        position      INTEGER NOT NULL,
        at            INTEGER NOT NULL,
        sealed_values BLOB NOT NULL,
        PRIMARY KEY (comparison, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX comparison_value_by_time ON comparison_value (at);

      -- Counted when it is recorded: a readiness report must not read hundreds of millions of rows.
      CREATE TABLE comparison_day (
        client_id                    TEXT NOT NULL,
        protocol                     TEXT NOT NULL, -- empty for what the adapter asked of its own accord
        operation                    TEXT NOT NULL,
        day                          INTEGER NOT NULL,
        questions                    INTEGER NOT NULL DEFAULT 0,
        compared                     INTEGER NOT NULL DEFAULT 0, -- those that both registers answered
        expected                     INTEGER NOT NULL DEFAULT 0, -- those with differences, every one of them expected
        unexplained                  INTEGER NOT NULL DEFAULT 0,
        identity                     INTEGER NOT NULL DEFAULT 0, -- those of the unexplained that are about who somebody is
        preg_failed                  INTEGER NOT NULL DEFAULT 0, -- those that this one alone did not answer
        preg_milliseconds            INTEGER NOT NULL DEFAULT 0,
        persontjenesten_failed       INTEGER NOT NULL DEFAULT 0, -- likewise; neither did where none of the three counts
        persontjenesten_milliseconds INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (client_id, protocol, operation, day)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX comparison_day_by_time ON comparison_day (day);

      CREATE TABLE comparison_failure_day (
        client_id TEXT NOT NULL,
        source    TEXT NOT NULL,
        code      TEXT NOT NULL,
        day       INTEGER NOT NULL,
        questions INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (client_id, source, code, day)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX comparison_failure_day_by_time ON comparison_failure_day (day);

      CREATE TABLE comparison_field_day (
        client_id TEXT NOT NULL,
        field     TEXT NOT NULL,
        class     TEXT NOT NULL,
        reason    TEXT NOT NULL, -- empty for none
        identity  INTEGER NOT NULL,
        day       INTEGER NOT NULL,
        questions INTEGER NOT NULL DEFAULT 0,
        first_at  INTEGER NOT NULL,
        last_at   INTEGER NOT NULL,
        PRIMARY KEY (client_id, field, class, reason, identity, day)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX comparison_field_day_by_time ON comparison_field_day (day);

      -- Who uses what of the register. Nothing here is about a person.
      CREATE TABLE register_usage (
        client_id  TEXT NOT NULL,
        protocol   TEXT NOT NULL,
        operation  TEXT NOT NULL,
        questions  INTEGER NOT NULL,
        first_seen INTEGER NOT NULL,
        last_seen  INTEGER NOT NULL,
        PRIMARY KEY (client_id, protocol, operation)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE register_usage_field (
        client_id  TEXT NOT NULL,
        protocol   TEXT NOT NULL,
        operation  TEXT NOT NULL,
        field      TEXT NOT NULL,
        answers    INTEGER NOT NULL,
        first_seen INTEGER NOT NULL,
        last_seen  INTEGER NOT NULL,
        PRIMARY KEY (client_id, protocol, operation, field)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'people who are not compared',
    sql: `
      -- People whom one register alone was asked about, since too much was to be done or few are compared. They are in no other column.
      ALTER TABLE comparison_day ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE comparison_day ADD COLUMN sampled_out INTEGER NOT NULL DEFAULT 0;
    `,
  },
  {
    name: 'cutover canaries',
    sql: `
      -- A route for some of a hundred people stands beside that of the others, which it leaves as it was.
      CREATE TABLE cutover_route_next (
        client_id   TEXT NOT NULL,
        protocol    TEXT NOT NULL,
        operation   TEXT NOT NULL,
        set_by      TEXT NOT NULL CHECK (set_by IN ('operator', 'guard')),
        is_for_some INTEGER NOT NULL CHECK (is_for_some IN (0, 1)),
        route       TEXT NOT NULL,
        percent     INTEGER,
        at          INTEGER NOT NULL,
        reason      TEXT,
        PRIMARY KEY (client_id, protocol, operation, set_by, is_for_some)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO cutover_route_next (client_id, protocol, operation, set_by, is_for_some, route, percent, at, reason)
        SELECT client_id, protocol, operation, set_by, coalesce(percent, 100) < 100, route, percent, at, reason FROM cutover_route;
      DROP TABLE cutover_route;
      ALTER TABLE cutover_route_next RENAME TO cutover_route;
    `,
  },
  {
    name: 'messages let through to the old register',
    sql: `
      -- By keyed digests of client and message id. Where a message went first it goes again, whatever the route has become.
      CREATE TABLE forwarded_message (
        digest BLOB NOT NULL PRIMARY KEY,
        at     INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX forwarded_message_by_age ON forwarded_message (at);
    `,
  },
  {
    name: 'rules of comparisons',
    sql: `
      -- By what was compared: a digest of rules, mappings and settings, empty for what was counted before. Old figures say nothing of new rules.
      CREATE TABLE comparison_day_next (
        client_id                    TEXT NOT NULL,
        protocol                     TEXT NOT NULL,
        operation                    TEXT NOT NULL,
        day                          INTEGER NOT NULL,
        rules                        TEXT NOT NULL,
        questions                    INTEGER NOT NULL DEFAULT 0,
        compared                     INTEGER NOT NULL DEFAULT 0,
        expected                     INTEGER NOT NULL DEFAULT 0,
        unexplained                  INTEGER NOT NULL DEFAULT 0,
        identity                     INTEGER NOT NULL DEFAULT 0,
        preg_failed                  INTEGER NOT NULL DEFAULT 0,
        preg_milliseconds            INTEGER NOT NULL DEFAULT 0,
        persontjenesten_failed       INTEGER NOT NULL DEFAULT 0,
        persontjenesten_milliseconds INTEGER NOT NULL DEFAULT 0,
        dropped                      INTEGER NOT NULL DEFAULT 0,
        sampled_out                  INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (client_id, protocol, operation, day, rules)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO comparison_day_next
        SELECT client_id, protocol, operation, day, '', questions, compared, expected, unexplained, identity, preg_failed,
          preg_milliseconds, persontjenesten_failed, persontjenesten_milliseconds, dropped, sampled_out
        FROM comparison_day;
      DROP TABLE comparison_day;
      ALTER TABLE comparison_day_next RENAME TO comparison_day;
      CREATE INDEX comparison_day_by_time ON comparison_day (day);

      CREATE TABLE comparison_failure_day_next (
        client_id TEXT NOT NULL,
        source    TEXT NOT NULL,
        code      TEXT NOT NULL,
        day       INTEGER NOT NULL,
        rules     TEXT NOT NULL,
        questions INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (client_id, source, code, day, rules)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO comparison_failure_day_next
        SELECT client_id, source, code, day, '', questions FROM comparison_failure_day;
      DROP TABLE comparison_failure_day;
      ALTER TABLE comparison_failure_day_next RENAME TO comparison_failure_day;
      CREATE INDEX comparison_failure_day_by_time ON comparison_failure_day (day);

      CREATE TABLE comparison_field_day_next (
        client_id TEXT NOT NULL,
        field     TEXT NOT NULL,
        class     TEXT NOT NULL,
        reason    TEXT NOT NULL,
        identity  INTEGER NOT NULL,
        day       INTEGER NOT NULL,
        rules     TEXT NOT NULL,
        questions INTEGER NOT NULL DEFAULT 0,
        first_at  INTEGER NOT NULL,
        last_at   INTEGER NOT NULL,
        PRIMARY KEY (client_id, field, class, reason, identity, day, rules)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO comparison_field_day_next
        SELECT client_id, field, class, reason, identity, day, '', questions, first_at, last_at FROM comparison_field_day;
      DROP TABLE comparison_field_day;
      ALTER TABLE comparison_field_day_next RENAME TO comparison_field_day;
      CREATE INDEX comparison_field_day_by_time ON comparison_field_day (day);
    `,
  },
  {
    name: 'chain of the audit trail',
    sql: `
      ALTER TABLE audit_entry ADD COLUMN purpose TEXT;
      ALTER TABLE audit_entry ADD COLUMN link TEXT; -- 32 of 0-9a-f; null for entries from before this step

      -- Where the chain begins and ends. There is no row before the first entry.
      CREATE TABLE audit_chain (
        id           INTEGER PRIMARY KEY CHECK (id = 1),
        begins_after INTEGER NOT NULL, -- the last entry from before this step
        began_at     TEXT NOT NULL,    -- ISO 8601 in UTC with milliseconds
        seq          INTEGER NOT NULL,
        link         TEXT NOT NULL,
        seal         TEXT NOT NULL
      ) STRICT;

      -- What retention took away. Neighbours become one, so there are few.
      CREATE TABLE audit_removed (
        first      INTEGER PRIMARY KEY,
        last       INTEGER NOT NULL UNIQUE,
        link       TEXT,
        made_until TEXT NOT NULL,
        seal       TEXT NOT NULL
      ) STRICT;
    `,
  },
];

/**
 * Runs what the database has not run yet, each step in a transaction of its own together with the new version number,
 * so that an interrupted start leaves whole steps only. Processes that start together run each step once.
 * @returns the version that was found; when it is above `steps.length`, nothing was done.
 */
export function migrate(database: BetterSqlite3.Database, steps: readonly Migration[] = migrations): number {
  const found = version(database);
  for (const [index, step] of steps.entries()) {
    database
      .transaction(() => {
        // Read again under the write lock: another process may have been faster.
        if (version(database) > index) return;
        database.exec(step.sql);
        database.pragma(`user_version = ${index + 1}`);
      })
      .immediate();
  }
  return found;
}

function version(database: BetterSqlite3.Database): number {
  const value: unknown = database.pragma('user_version', { simple: true });
  if (typeof value !== 'number') throw new TypeError('user_version is not a number');
  return value;
}

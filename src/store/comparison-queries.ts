const view = `
    SELECT id, at, correlation_id AS correlationId, client_id AS clientId, protocol, operation, route, answered_by AS answeredBy, pseudonym,
      verdict, preg_outcome AS pregOutcome, preg_milliseconds AS pregMilliseconds,
      persontjenesten_outcome AS persontjenestenOutcome, persontjenesten_milliseconds AS persontjenestenMilliseconds
    FROM comparison`;

/** The SQL of comparisons, apart from the code that runs it so that a test can ask SQLite for its query plans. */
export const comparisonQueries = {
  add: `
    INSERT INTO comparison (at, correlation_id, client_id, protocol, operation, route, answered_by, pseudonym, verdict,
      preg_outcome, preg_milliseconds, persontjenesten_outcome, persontjenesten_milliseconds)
    VALUES (@at, @correlationId, @clientId, @protocol, @operation, @route, @answeredBy, @pseudonym, @verdict,
      @pregOutcome, @pregMilliseconds, @persontjenestenOutcome, @persontjenestenMilliseconds)`,
  addDifference: `
    INSERT INTO comparison_difference (comparison, position, field, identity, class, reason, preg_kind, persontjenesten_kind)
    VALUES (@comparison, @position, @field, @identity, @class, @reason, @pregKind, @persontjenestenKind)`,
  addValues: `
    INSERT INTO comparison_value (comparison, position, at, sealed_values)
    VALUES (@comparison, @position, @at, @sealedValues)`,
  count: `
    INSERT INTO comparison_day (client_id, protocol, operation, day, rules, questions, compared, expected, unexplained, identity,
      preg_failed, preg_milliseconds, persontjenesten_failed, persontjenesten_milliseconds)
    VALUES (@clientId, @protocol, @operation, @day, @rules, @questions, @compared, @expected, @unexplained, @identity,
      @pregFailed, @pregMilliseconds, @persontjenestenFailed, @persontjenestenMilliseconds)
    ON CONFLICT (client_id, protocol, operation, day, rules) DO UPDATE SET
      questions = questions + @questions, compared = compared + @compared, expected = expected + @expected,
      unexplained = unexplained + @unexplained, identity = identity + @identity,
      preg_failed = preg_failed + @pregFailed, preg_milliseconds = preg_milliseconds + @pregMilliseconds,
      persontjenesten_failed = persontjenesten_failed + @persontjenestenFailed,
      persontjenesten_milliseconds = persontjenesten_milliseconds + @persontjenestenMilliseconds`,
  countNotCompared: `
    INSERT INTO comparison_day (client_id, protocol, operation, day, rules, questions, dropped, sampled_out)
    VALUES (@clientId, @protocol, @operation, @day, @rules, 0, @dropped, @sampledOut)
    ON CONFLICT (client_id, protocol, operation, day, rules) DO UPDATE SET
      dropped = dropped + @dropped, sampled_out = sampled_out + @sampledOut`,
  countFailure: `
    INSERT INTO comparison_failure_day (client_id, source, code, day, rules, questions)
    VALUES (@clientId, @source, @code, @day, @rules, @questions)
    ON CONFLICT (client_id, source, code, day, rules) DO UPDATE SET questions = questions + @questions`,
  countField: `
    INSERT INTO comparison_field_day (client_id, field, class, reason, identity, day, rules, questions, first_at, last_at)
    VALUES (@clientId, @field, @class, @reason, @identity, @day, @rules, @questions, @firstAt, @lastAt)
    ON CONFLICT (client_id, field, class, reason, identity, day, rules) DO UPDATE SET
      questions = questions + @questions, first_at = min(first_at, @firstAt), last_at = max(last_at, @lastAt)`,

  /** The newest of a client, of one verdict, before an id. */
  ofClient: `${view}
    WHERE client_id = @clientId AND verdict = @verdict AND id < @before
      AND (@field IS NULL OR EXISTS (
        SELECT 1 FROM comparison_difference d WHERE d.comparison = comparison.id AND d.field = @field AND d.class = @verdict))
    ORDER BY id DESC LIMIT @limit`,
  differences: `
    SELECT d.position, d.field, d.identity, d.class, d.reason, d.preg_kind AS pregKind, d.persontjenesten_kind AS persontjenestenKind,
      v.sealed_values AS sealedValues
    FROM comparison_difference d LEFT JOIN comparison_value v ON v.comparison = d.comparison AND v.position = d.position
    WHERE d.comparison = ? ORDER BY d.position`,

  oldest: 'SELECT id FROM comparison WHERE at < @before ORDER BY at LIMIT @limit',
  forget: 'DELETE FROM comparison WHERE id = ?',
  forgetDifferences: 'DELETE FROM comparison_difference WHERE comparison = ?',
  forgetValuesOf: 'DELETE FROM comparison_value WHERE comparison = ?',
  forgetDays: `
    DELETE FROM comparison_day WHERE (client_id, protocol, operation, day) IN (
      SELECT client_id, protocol, operation, day FROM comparison_day WHERE day < @day ORDER BY day LIMIT @limit)`,
  forgetFailureDays: `
    DELETE FROM comparison_failure_day WHERE (client_id, source, code, day) IN (
      SELECT client_id, source, code, day FROM comparison_failure_day WHERE day < @day ORDER BY day LIMIT @limit)`,
  forgetFieldDays: `
    DELETE FROM comparison_field_day WHERE (client_id, field, class, reason, identity, day) IN (
      SELECT client_id, field, class, reason, identity, day FROM comparison_field_day WHERE day < @day ORDER BY day LIMIT @limit)`,
  forgetValues: `
    DELETE FROM comparison_value WHERE (comparison, position) IN (
      SELECT comparison, position FROM comparison_value WHERE at < @before ORDER BY at LIMIT @limit)`,
} as const;

const ofDays = 'WHERE day BETWEEN @from AND @to';

/** The SQL of what is reported of the cutover. All of it reads what was counted, and never the rows of single questions. */
export const cutoverFigureQueries = {
  operations: `
    SELECT client_id AS clientId, protocol, operation, questions, first_seen AS firstSeen, last_seen AS lastSeen
    FROM register_usage ORDER BY client_id, protocol, operation`,
  fields: `
    SELECT client_id AS clientId, protocol, operation, field, answers, first_seen AS firstSeen, last_seen AS lastSeen
    FROM register_usage_field ORDER BY client_id, protocol, operation, field`,
  comparisons: `
    SELECT client_id AS clientId, protocol, operation, rules, sum(questions) AS questions, sum(compared) AS compared,
      sum(expected) AS expected, sum(unexplained) AS unexplained, sum(identity) AS identity, sum(preg_failed) AS pregFailed,
      sum(preg_milliseconds) AS pregMilliseconds, sum(persontjenesten_failed) AS persontjenestenFailed,
      sum(persontjenesten_milliseconds) AS persontjenestenMilliseconds,
      sum(dropped) AS dropped, sum(sampled_out) AS sampledOut
    FROM comparison_day ${ofDays} GROUP BY client_id, protocol, operation, rules
    ORDER BY client_id, protocol, operation, rules`,
  differences: `
    SELECT client_id AS clientId, field, class, reason, identity, rules, sum(questions) AS questions, min(first_at) AS firstSeen,
      max(last_at) AS lastSeen
    FROM comparison_field_day ${ofDays} GROUP BY client_id, field, class, reason, identity, rules
    ORDER BY client_id, sum(questions) DESC, field, reason`,
  failures: `
    SELECT client_id AS clientId, source, code, rules, sum(questions) AS questions
    FROM comparison_failure_day ${ofDays} GROUP BY client_id, source, code, rules ORDER BY client_id, source, sum(questions) DESC, code`,
} as const;

/** The SQL of who uses what of the register. */
export const usageQueries = {
  add: `
    INSERT INTO register_usage (client_id, protocol, operation, questions, first_seen, last_seen)
    VALUES (@clientId, @protocol, @operation, @questions, @firstSeen, @lastSeen)
    ON CONFLICT (client_id, protocol, operation) DO UPDATE SET
      questions = questions + @questions, first_seen = min(first_seen, @firstSeen), last_seen = max(last_seen, @lastSeen)`,
  addField: `
    INSERT INTO register_usage_field (client_id, protocol, operation, field, answers, first_seen, last_seen)
    VALUES (@clientId, @protocol, @operation, @field, @answers, @firstSeen, @lastSeen)
    ON CONFLICT (client_id, protocol, operation, field) DO UPDATE SET
      answers = answers + @answers, first_seen = min(first_seen, @firstSeen), last_seen = max(last_seen, @lastSeen)`,
  forget: 'DELETE FROM register_usage WHERE last_seen < @before',
  forgetFields: 'DELETE FROM register_usage_field WHERE last_seen < @before',
} as const;

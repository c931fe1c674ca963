/** The SQL of standing routes. An empty text in a scope means any. */
export const standingRouteQueries = {
  /** Moves with each commit of another connection, and asks no table. */
  dataVersion: 'PRAGMA data_version',
  all: `
    SELECT client_id AS clientId, protocol, operation, set_by AS setBy, route, percent, at, reason
    FROM cutover_route ORDER BY at, client_id, protocol, operation, set_by, is_for_some`,
  add: `
    INSERT INTO cutover_route (client_id, protocol, operation, set_by, is_for_some, route, percent, at, reason)
    VALUES (@clientId, @protocol, @operation, @setBy, @isForSome, @route, @percent, @at, @reason)`,
  clearAll: 'DELETE FROM cutover_route',
  clear: `
    DELETE FROM cutover_route WHERE client_id = @clientId AND protocol = @protocol AND operation = @operation`,
} as const;

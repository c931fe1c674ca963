/** The SQL of forwarded messages, apart from the code that runs it so that a test can ask SQLite for its query plans. */
export const forwardedMessageQueries = {
  isKnown: 'SELECT EXISTS (SELECT 1 FROM forwarded_message WHERE digest = ?)',
  remember: 'INSERT OR REPLACE INTO forwarded_message (digest, at) VALUES (?, ?)',
  forget: `
    DELETE FROM forwarded_message
    WHERE digest IN (SELECT digest FROM forwarded_message WHERE at < ? ORDER BY at LIMIT ?)`,
} as const;

/** The SQL of used nonces, apart from the code that runs it so that a test can ask SQLite for its query plans. */
export const nonceQueries = {
  isUsed: 'SELECT EXISTS (SELECT 1 FROM used_nonce WHERE user = ? AND nonce = ?)',
  alive: 'SELECT coalesce((SELECT alive FROM nonces_alive WHERE user = ?), 0)',
  use: 'INSERT INTO used_nonce (user, nonce, forget_at) VALUES (?, ?, ?)',
  forget: `
    DELETE FROM used_nonce
    WHERE (user, nonce) IN (SELECT user, nonce FROM used_nonce WHERE forget_at <= ? ORDER BY forget_at LIMIT ?)`,
} as const;

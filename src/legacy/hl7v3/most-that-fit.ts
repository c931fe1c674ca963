/**
 * The most things of which the first ones fit; 0 where not even one does, or there is none.
 * @param fits whether the first `count` fit; whatever fits, fewer fit too
 */
export function mostThatFit(total: number, fits: (count: number) => boolean): number {
  if (total === 0 || fits(total)) return total;
  let most = 0;
  for (let tooMany = total; tooMany - most > 1;) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(middle)) most = middle;
    else tooMany = middle;
  }
  return most;
}

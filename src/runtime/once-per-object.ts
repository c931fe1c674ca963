/** The same function, which finds its result out once for each object that it is given, and forgets it with the object. */
export function oncePerObject<Given extends object, Result>(
  find: (given: Given) => Result,
): (given: Given) => Result {
  const found = new WeakMap<Given, { readonly result: Result }>();
  return (given) => {
    const known = found.get(given);
    if (known !== undefined) return known.result;
    const result = find(given);
    found.set(given, { result });
    return result;
  };
}

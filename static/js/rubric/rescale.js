// Weights as whole hundredths, so that all arithmetic is exact: the same rules as rubrics/scoring/weights.py.
export const TOTAL = 10_000;

// Bring weights to a number of units in proportion: whole units first, then one each to the largest remainders, in order.
export function share(units, weights) {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const parts = whole ? weights : weights.map(() => 1);
  const over = whole || weights.length;
  const remainders = parts.map((part) => (units * part) % over);
  const shared = parts.map((part, place) => (units * part - remainders[place]) / over);
  const left = units - shared.reduce((sum, unit) => sum + unit, 0);
  const largest = parts.map((_, place) => place).sort((a, b) => remainders[b] - remainders[a]);
  for (const place of largest.slice(0, left)) shared[place] += 1;
  return shared;
}

// Set one weight and let the siblings that are not locked give way; null where the locks alone exceed the total.
export function rescale(weights, moved, value, locked) {
  const held = (place) => place !== moved && locked.has(place);
  const free = weights.map((_, place) => place).filter((place) => place !== moved && !held(place));
  const left = TOTAL - weights.reduce((sum, weight, place) => sum + (held(place) ? weight : 0), 0);
  if (left < 0) return null;
  const wanted = free.length ? Math.max(0, Math.min(value, left)) : left;
  const shared = share(left - wanted, free.map((place) => weights[place]));
  const rescaled = [...weights];
  rescaled[moved] = wanted;
  free.forEach((place, index) => { rescaled[place] = shared[index]; });
  return rescaled;
}

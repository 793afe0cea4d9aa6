// High water comes about every 12 hours and 25 minutes.
const period = (12 * 60 + 25) * 60 * 1000;
const reference = Date.UTC(2026, 0, 1, 3, 40);

function highWaters(from, count) {
  const first = reference + Math.ceil((from - reference) / period) * period;
  return Array.from({ length: count }, (_, index) => new Date(first + index * period));
}

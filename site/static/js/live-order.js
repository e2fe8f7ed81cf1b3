/* The order in which this phone lists the options. The same lines as quizzes/live/domain/order.py;
   docs/live-protocol.md describes them. Presentation only: answers travel as the room's own numbers. */

const GOLDEN = 0x9e3779b1;
const WARM_UP = 4;

function step(x) {
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

export function optionOrder(seed, index, options, kind) {
  const order = [];
  for (let i = 0; i < options; i += 1) order.push(i);
  if (kind === "judge") return order;
  let x = (seed ^ Math.imul(index + 1, GOLDEN)) >>> 0 || 1;
  for (let i = 0; i < WARM_UP; i += 1) x = step(x);
  for (let last = options - 1; last > 0; last -= 1) {
    x = step(x);
    const other = x % (last + 1);
    const kept = order[last];
    order[last] = order[other];
    order[other] = kept;
  }
  return order;
}

export function total(cents: number, passengers: number, discount = 0): number {
  if (passengers < 1) throw new RangeError("a booking has at least one passenger");
  return Math.round(cents * passengers * (1 - discount));
}

import { expect, test, vi } from "vitest";
import { seatsLeft } from "./crossings.js";

vi.mock("./db.js", () => ({ pool: { query: vi.fn() } }));

test("an oversold crossing has no seats left", () => {
  expect(seatsLeft({ id: "c1", departsAt: "2025-07-01T08:00:00Z", seats: 40 }, 44)).toBe(0);
});

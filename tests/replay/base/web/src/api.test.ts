import { expect, test } from "vitest";
import { parseCrossings } from "./api";

test("a crossing without seats is refused", () => {
  expect(() => parseCrossings([{ id: "c1", departsAt: "2025-07-01T08:00:00Z" }])).toThrow();
});

import { expect, test } from "vitest";
import { total } from "./price.js";

test("a discount is taken off the whole booking", () => {
  expect(total(1000, 3, 0.1)).toBe(2700);
});

test("nobody is no booking", () => {
  expect(() => total(1000, 0)).toThrow(RangeError);
});

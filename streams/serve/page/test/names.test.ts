import { expect, test } from "vitest";
import { entityName, labelsOf, metricOf, otherLabels, readable } from "../src/text/names";

test("labels, with what is escaped in their values", () => {
  expect(labelsOf('{host="a",path="C:\\\\\\"x\\",}"}')).toEqual([
    ["host", "a"],
    ["path", 'C:\\"x",}'],
  ]);
});

test("an entity is called by its values", () => {
  expect(entityName('{host="host-02",volume="vol-02"}')).toBe("host-02 / vol-02");
  expect(entityName("{}")).toBe("(no labels)");
});

test("a series by its metric, and by labels that the entity does not tell", () => {
  expect(metricOf('latency_ms{quantile="0.95"}')).toBe("latency_ms");
  expect(metricOf("up")).toBe("up");
  expect(otherLabels({ host: "a", team: "shop" }, '{host="a"}')).toEqual([["team", "shop"]]);
});

test("sentences with names as people call them", () => {
  const text = 'The likeliest cause is {service="payment"}: error_rate{service="payment",zone="b"}: it is broken.';
  expect(readable(text)).toBe("The likeliest cause is payment: error_rate of payment / b: it is broken.");
});

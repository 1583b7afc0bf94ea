import { expect, test } from "vitest";
import { listQuery, parseFilter } from "../src/state/filter";
import { linkTo, parseRoute, seriesLink } from "../src/state/route";

test("a link leads back to what it was made of", () => {
  const series = 'disk{path="/var/a b?#%",host="ä"}';
  const route = parseRoute(seriesLink(series));
  expect(route.view).toBe("series");
  expect(route.one).toBe(series);
});

test("queries are kept, unknown views are the first one", () => {
  expect(parseRoute(linkTo("quality", null, { q: "team=shop disk" })).query.get("q")).toBe("team=shop disk");
  expect(parseRoute("").view).toBe("next");
  expect(parseRoute("#/nonsense/%")).toMatchObject({ view: "next", one: null, unknown: "nonsense" });
  expect(parseRoute("#/?q=disk").unknown).toBeNull();
  expect(parseRoute("#/series/x").unknown).toBeNull();
});

test("what is typed is words and labels", () => {
  expect(parseFilter(" host-02 team=shop  disk")).toEqual({ labels: ["team=shop"], words: "host-02 disk" });
  expect(listQuery("team=shop zone=a disk", { limit: 5, cursor: null })).toBe(
    "q=disk&label=team%3Dshop&label=zone%3Da&limit=5",
  );
});
